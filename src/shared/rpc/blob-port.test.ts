import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BlobReply, type BlobRequest, createBlobReader } from './blob-port.ts';

describe('reading blobs over a port', () => {
  let channel: MessageChannel;
  let asked: BlobRequest[];
  beforeEach(() => {
    channel = new MessageChannel();
    asked = [];
  });
  afterEach(() => channel.port2.close());

  /** Plays the shell: answers every request with what `reply` makes of it. */
  function shell(reply: (request: BlobRequest) => BlobReply[]): ReturnType<typeof createBlobReader> {
    channel.port2.on('message', (request: BlobRequest) => {
      asked.push(request);
      if ('more' in request) return;
      for (const answer of reply(request)) channel.port2.postMessage(answer);
    });
    return createBlobReader(channel.port1);
  }

  it('puts chunks together, several files at a time', async () => {
    const read = shell(({ id }) => [
      { id, sizeBytes: 3 },
      { id, chunk: Uint8Array.of(id, 1) },
      { id, chunk: Uint8Array.of(2) },
      { id, end: true },
    ]);
    expect(await Promise.all([read('a'), read('b')])).toEqual([
      Uint8Array.of(1, 1, 2),
      Uint8Array.of(2, 1, 2),
    ]);
  });

  it('grants a chunk for every chunk that it took, so that a large file does not pile up', async () => {
    const left = [1, 2, 3, 4, 5];
    channel.port2.on('message', (request: BlobRequest) => {
      const { id } = request;
      if ('hash' in request) channel.port2.postMessage({ id, sizeBytes: left.length });
      const next = left.shift();
      channel.port2.postMessage(next === undefined ? { id, end: true } : { id, chunk: Uint8Array.of(next) });
    });
    expect(await createBlobReader(channel.port1)('a')).toEqual(Uint8Array.of(1, 2, 3, 4, 5));
  });

  it('tells why a file cannot be had, and does not take a part for the whole', async () => {
    const read = shell((request) =>
      'hash' in request && request.hash === 'a'
        ? [{ id: request.id, failed: { code: 'not-found', message: 'None.' } }]
        : [
            { id: request.id, sizeBytes: 3 },
            { id: request.id, end: true },
          ],
    );
    await expect(read('a')).rejects.toMatchObject({ code: 'not-found' });
    await expect(read('b')).rejects.toMatchObject({ code: 'disconnected' });
  });

  it('gives up when the port closes, now and later', async () => {
    const read = shell(() => []);
    const reading = read('a');
    channel.port2.close();
    await expect(reading).rejects.toMatchObject({ code: 'disconnected' });
    await expect(read('b')).rejects.toMatchObject({ code: 'disconnected' });
  });

  it('tells the other end when nobody wants the file any more', async () => {
    const cancelled = Promise.withResolvers<void>();
    const read = shell((request) => {
      if ('cancel' in request) cancelled.resolve();
      return [];
    });
    const abort = new AbortController();
    const reading = read('a', { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    await cancelled.promise;
    expect(asked).toEqual([
      { id: 1, hash: 'a' },
      { id: 1, cancel: true },
    ]);
  });
});
