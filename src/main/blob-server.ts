import type { MessagePortMain } from 'electron';
import { z } from 'zod';
import { ContentHash } from '#shared/domain/ids.ts';
import { BLOB_CHUNK_BYTES, type BlobReply } from '#shared/rpc/blob-port.ts';
import { requestEngine } from '../engine/process/connect.ts';

const Id = z.int().positive();
const Request = z.union([
  z.strictObject({ id: Id, hash: ContentHash }),
  z.strictObject({ id: Id, cancel: z.literal(true) }),
]);

/** Answers a window's blob requests from the engine, in chunks of 1 MiB. */
export function serveBlobs(port: MessagePortMain, socketPath: string): void {
  const running = new Map<number, AbortController>();
  const post = (reply: BlobReply): void => port.postMessage(reply);

  async function send(id: number, hash: string, signal: AbortSignal): Promise<void> {
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
    const flush = (): void => {
      if (bytes > 0) post({ id, chunk: new Uint8Array(Buffer.concat(waiting)) });
      waiting = [];
      bytes = 0;
    };
    for await (const part of response as AsyncIterable<Buffer>) {
      if (bytes + part.byteLength > BLOB_CHUNK_BYTES) flush();
      waiting.push(part);
      bytes += part.byteLength;
    }
    flush();
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
      running.get(parsed.data.id)?.abort();
    } else {
      const { id, hash } = parsed.data;
      const abort = new AbortController();
      running.set(id, abort);
      send(id, hash, abort.signal)
        .catch(() => post({ id, failed: { code: 'disconnected', message: 'The engine is gone.' } }))
        .finally(() => running.delete(id));
    }
  });
  port.on('close', () => {
    for (const abort of running.values()) abort.abort();
  });
  port.start();
}
