import { UserError } from './errors.ts';

/** What the window sends on its second port: a wish, its end, or leave to send one chunk more than before. */
export type BlobRequest =
  | { readonly id: number; readonly hash: string }
  | { readonly id: number; readonly cancel: true }
  | { readonly id: number; readonly more: true };

/** What the shell answers: the size, then chunks of at most 1 MiB, then the end; or why not. */
export type BlobReply =
  | { readonly id: number; readonly sizeBytes: number }
  | { readonly id: number; readonly chunk: Uint8Array }
  | { readonly id: number; readonly end: true }
  | { readonly id: number; readonly failed: { readonly code: string; readonly message: string } };

export const BLOB_CHUNK_BYTES = 1024 * 1024;

/** Chunks of a file that the shell may send before the window has taken any: what piles up at most. */
export const BLOB_CHUNKS_AHEAD = 8;

/** The little of a DOM MessagePort that reading blobs needs. */
export interface BlobPort {
  postMessage(message: BlobRequest): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: unknown) => void): void;
  start(): void;
}

interface Reading {
  bytes: Uint8Array;
  filled: number;
  resolve(bytes: Uint8Array): void;
  reject(error: unknown): void;
}

/** Reads stored files over the window's second port, so that bulk never delays a call. */
export function createBlobReader(
  port: BlobPort,
): (hash: string, options?: { readonly signal?: AbortSignal }) => Promise<Uint8Array> {
  const readings = new Map<number, Reading>();
  let lastId = 0;
  let gone: UserError | null = null;

  port.addEventListener('message', ({ data }) => {
    const reply = data as BlobReply;
    const reading = readings.get(reply.id);
    if (reading === undefined) return;
    if (take(reading, reply)) readings.delete(reply.id);
    else if ('chunk' in reply) port.postMessage({ id: reply.id, more: true });
  });
  port.addEventListener('close', () => {
    gone = new UserError('disconnected', 'The engine is gone.');
    for (const reading of readings.values()) reading.reject(gone);
    readings.clear();
  });
  port.start();

  return (hash, { signal } = {}) =>
    new Promise((resolve, reject) => {
      if (gone !== null) throw gone;
      signal?.throwIfAborted();
      const id = ++lastId;
      readings.set(id, { bytes: new Uint8Array(0), filled: 0, resolve, reject });
      signal?.addEventListener('abort', () => {
        if (!readings.delete(id)) return;
        port.postMessage({ id, cancel: true });
        reject(signal.reason as Error);
      });
      port.postMessage({ id, hash });
    });
}

/** @returns true when this was the last reply */
function take(reading: Reading, reply: BlobReply): boolean {
  if ('sizeBytes' in reply) reading.bytes = new Uint8Array(reply.sizeBytes);
  else if ('chunk' in reply) {
    reading.bytes.set(reply.chunk, reading.filled);
    reading.filled += reply.chunk.byteLength;
  } else if ('failed' in reply) reading.reject(new UserError(reply.failed.code, reply.failed.message));
  else if (reading.filled === reading.bytes.byteLength) reading.resolve(reading.bytes);
  else reading.reject(new UserError('disconnected', 'The file came incomplete. Try again.'));
  return 'end' in reply || 'failed' in reply;
}
