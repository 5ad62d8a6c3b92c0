import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  BLOB_CHUNKS_AHEAD,
  BLOB_CHUNK_BYTES,
  type BlobReply,
  type BlobRequest,
} from '#shared/rpc/blob-port.ts';
import { serveBlobs } from './blob-server.ts';

const LARGE = 'a'.repeat(64);
const SMALL = 'b'.repeat(64);
const LARGE_BYTES = 3 * BLOB_CHUNKS_AHEAD * BLOB_CHUNK_BYTES;

let folder: string;
let engine: Server;
/** The shell's end of the port: what it posts is collected, and said as `reply`. */
class Port extends EventEmitter {
  readonly replies: BlobReply[] = [];
  start(): void {}
  postMessage(reply: BlobReply): void {
    this.replies.push(reply);
    this.emit('reply', reply);
  }
  ask(data: BlobRequest): void {
    this.emit('message', { data });
  }
  chunksOf(id: number): number {
    return this.replies.filter((reply) => reply.id === id && 'chunk' in reply).length;
  }
  until(done: (reply: BlobReply) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (reply: BlobReply): void => {
        if (!done(reply)) return;
        this.off('reply', look);
        resolve();
      };
      this.on('reply', look);
    });
  }
}
let port: Port;
let engineGaveUp: Promise<unknown>;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumage-blobs-'));
  const gaveUp = Promise.withResolvers<void>();
  engineGaveUp = gaveUp.promise;
  engine = createServer((request, response) => {
    const body = Buffer.alloc(request.url?.endsWith(LARGE) ? LARGE_BYTES : 5, 7);
    response.on('close', () => response.writableFinished || gaveUp.resolve());
    response.writeHead(200, { 'content-length': body.byteLength }).end(body);
  });
  const socketPath = path.join(folder, 'engine.sock');
  await new Promise<void>((resolve) => engine.listen(socketPath, resolve));
  port = new Port();
  serveBlobs(port as never, socketPath);
});
afterEach(() => {
  engine.closeAllConnections();
  engine.close();
  rmSync(folder, { recursive: true });
});

/** Other files go all the way in the meantime, which gives a file that does not stop the time to show it. */
async function readSmallOnes(): Promise<void> {
  for (let id = 100; id < 120; id++) {
    const ended = port.until((reply) => reply.id === id && 'end' in reply);
    port.ask({ id, hash: SMALL });
    await ended;
  }
}

test('a large file waits until the window has taken what was sent', async () => {
  const ahead = port.until(() => port.chunksOf(1) === BLOB_CHUNKS_AHEAD);
  port.ask({ id: 1, hash: LARGE });
  await ahead;
  await readSmallOnes();
  expect(port.chunksOf(1)).toBe(BLOB_CHUNKS_AHEAD);
  const oneMore = port.until(() => port.chunksOf(1) === BLOB_CHUNKS_AHEAD + 1);
  port.ask({ id: 1, more: true });
  await oneMore;
  await readSmallOnes();
  expect(port.chunksOf(1)).toBe(BLOB_CHUNKS_AHEAD + 1);

  port.on('reply', (reply: BlobReply) => 'chunk' in reply && port.ask({ id: 1, more: true }));
  const ended = port.until((reply) => reply.id === 1 && 'end' in reply);
  port.ask({ id: 1, more: true });
  await ended;
  const bytes = port.replies.map((reply) =>
    reply.id === 1 && 'chunk' in reply ? reply.chunk.byteLength : 0,
  );
  expect(bytes.reduce((sum, count) => sum + count, 0)).toBe(LARGE_BYTES);
});

test.each([
  ['nobody wants it any more', () => port.ask({ id: 1, cancel: true })],
  ['the window is gone', () => port.emit('close')],
])('a file that waits for the window ends when %s', async (_why, end) => {
  const ahead = port.until(() => port.chunksOf(1) === BLOB_CHUNKS_AHEAD);
  port.ask({ id: 1, hash: LARGE });
  await ahead;
  end();
  await engineGaveUp;
});
