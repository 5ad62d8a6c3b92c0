import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { OutgoingStream } from './outgoing-stream.ts';

/** Sends many items in a process whose heap can be measured, and prints what it holds after the last of them. */
const PROGRAM = `
  import { OutgoingStream } from ${JSON.stringify(new URL('./outgoing-stream.ts', import.meta.url).href)};
  const COUNT = 40_000;
  async function* source() {
    for (let i = 1; i <= COUNT; i++) yield i;
  }
  const stream = new OutgoingStream({ send: () => undefined, end: () => undefined });
  gc();
  const before = process.memoryUsage().heapUsed;
  await stream.run(source(), new AbortController().signal, (item) => {
    stream.permit();
    if (item !== COUNT) return;
    gc();
    process.stdout.write(String((process.memoryUsage().heapUsed - before) / COUNT));
  });
`;

test('a stream keeps nothing of the items that it has sent', () => {
  const bytesAnItem = Number(
    execFileSync(process.execPath, ['--expose-gc', '--input-type=module', '--eval', PROGRAM], {
      encoding: 'utf8',
    }),
  );
  expect(bytesAnItem).toBeLessThan(40);
});

test('an aborted stream lets go of a source that never answers', async () => {
  const abort = new AbortController();
  const returned = Promise.withResolvers<void>();
  const source: AsyncIterable<unknown> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<never>(() => undefined),
      return: () => {
        returned.resolve();
        return Promise.resolve({ done: true as const, value: undefined });
      },
    }),
  };
  const stream = new OutgoingStream({ send: () => undefined, end: () => undefined });
  const run = stream.run(source, abort.signal, () => undefined);
  abort.abort();
  await expect(run).resolves.toBeUndefined();
  await expect(returned.promise).resolves.toBeUndefined();
});
