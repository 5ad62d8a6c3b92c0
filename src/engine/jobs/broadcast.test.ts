import { expect, test } from 'vitest';
import { Broadcast, latest } from './broadcast.ts';

test('a slow reader gets what is new joined, and one that leaves is forgotten', async () => {
  const broadcast = new Broadcast<string[]>();
  const values = latest(broadcast, { signal: new AbortController().signal, merge: (a, b) => [...a, ...b] });
  const first = values.next();
  broadcast.publish(['a']);
  expect((await first).value).toEqual(['a']);
  broadcast.publish(['b']);
  broadcast.publish(['c']);
  expect((await values.next()).value).toEqual(['b', 'c']);
  await values.return();
  expect(broadcast.listeners).toBe(0);
});

test('without a joiner the newest wins; the first value is told at once; the last one ends it', async () => {
  const broadcast = new Broadcast<number>();
  const seen: number[] = [];
  const signal = new AbortController().signal;
  for await (const value of latest(broadcast, { signal, first: () => 0, last: (value) => value === 9 })) {
    seen.push(value);
    if (value === 0) [1, 2, 9, 3].forEach((next) => broadcast.publish(next));
  }
  expect(seen).toEqual([0, 9]);
});

test('an aborted reader ends', async () => {
  const abort = new AbortController();
  const next = latest(new Broadcast<number>(), { signal: abort.signal }).next();
  abort.abort();
  expect(await next).toEqual({ value: undefined, done: true });
});
