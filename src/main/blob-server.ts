import { EventEmitter, once } from 'node:events';
import type { MessagePortMain } from 'electron';
import { z } from 'zod';
import { ContentHash } from '#shared/domain/ids.ts';
import { BLOB_CHUNKS_AHEAD, BLOB_CHUNK_BYTES, type BlobReply } from '#shared/rpc/blob-port.ts';
import { requestEngine } from '../engine/process/connect.ts';

const Id = z.int().positive();
const Request = z.union([
  z.strictObject({ id: Id, hash: ContentHash }),
  z.strictObject({ id: Id, cancel: z.literal(true) }),
  z.strictObject({ id: Id, more: z.literal(true) }),
]);

/** A file on its way. `grants` tells when the window takes more than it has been sent. */
interface Sending {
  readonly abort: AbortController;
  readonly grants: EventEmitter;
  chunksLeft: number;
}

/**
 * Answers a window's blob requests from the engine, in chunks of 1 MiB. Where the window has not taken enough of them,
 * the engine's answer waits unread, so that a large file fills nobody's memory.
 */
export function serveBlobs(
  port: Pick<MessagePortMain, 'on' | 'postMessage' | 'start'>,
  socketPath: string,
): void {
  const running = new Map<number, Sending>();
  const post = (reply: BlobReply): void => port.postMessage(reply);

  async function send(id: number, hash: string, sending: Sending): Promise<void> {
    const { signal } = sending.abort;
    const response = await requestEngine(socketPath, `/blob/${hash}`, { signal });
    if (response.statusCode !== 200) {
      response.resume();
      const code = response.statusCode === 404 ? 'not-found' : 'bad-input';
      post({ id, failed: { code, message: `The library has no file ${hash.slice(0, 12)}…` } });
      return;
    }
    post({ id, sizeBytes: Number(response.headers['content-length']) });
    let waiting: Buffer[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      if (bytes === 0) return;
      while (sending.chunksLeft === 0) await once(sending.grants, 'more', { signal });
      sending.chunksLeft -= 1;
      post({ id, chunk: new Uint8Array(Buffer.concat(waiting)) });
      waiting = [];
      bytes = 0;
    };
    for await (const part of response as AsyncIterable<Buffer>) {
      if (bytes + part.byteLength > BLOB_CHUNK_BYTES) await flush();
      waiting.push(part);
      bytes += part.byteLength;
    }
    await flush();
    post({ id, end: true });
  }

  port.on('message', ({ data }: { data: unknown }) => {
    const parsed = Request.safeParse(data);
    if (!parsed.success) {
      const id = Id.safeParse((data as { id?: unknown } | null)?.id);
      post({
        id: id.success ? id.data : 0,
        failed: { code: 'bad-input', message: 'A blob is named by 64 hex digits.' },
      });
    } else if ('cancel' in parsed.data) {
      running.get(parsed.data.id)?.abort.abort();
    } else if ('more' in parsed.data) {
      const sending = running.get(parsed.data.id);
      if (sending === undefined) return;
      sending.chunksLeft += 1;
      sending.grants.emit('more');
    } else {
      const { id, hash } = parsed.data;
      const sending: Sending = {
        abort: new AbortController(),
        grants: new EventEmitter(),
        chunksLeft: BLOB_CHUNKS_AHEAD,
      };
      running.set(id, sending);
      send(id, hash, sending)
        .catch(() => post({ id, failed: { code: 'disconnected', message: 'The engine is gone.' } }))
        .finally(() => running.delete(id));
    }
  });
  port.on('close', () => {
    for (const { abort } of running.values()) abort.abort();
  });
  port.start();
}
