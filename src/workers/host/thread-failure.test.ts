import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { ThreadFailure } from './thread-failure.ts';

test('a wait gives what it waited for and leaves nothing behind', async () => {
  const thread = new EventEmitter();
  const failure = new ThreadFailure(thread);
  const before = thread.listenerCount('error');
  for (let wait = 0; wait < 20; wait++) expect(await failure.orThrow(Promise.resolve(wait))).toBe(wait);
  await expect(failure.orThrow(Promise.reject(new Error('own')))).rejects.toThrow('own');
  expect(thread.listenerCount('error')).toBe(before);
});

test('the error of the thread ends the waits of now and of later', async () => {
  const thread = new EventEmitter();
  const failure = new ThreadFailure(thread);
  const { promise: never } = Promise.withResolvers<void>();
  const waits = [failure.orThrow(never), failure.orThrow(never)];
  const ended = Promise.allSettled(waits);
  thread.emit('error', new Error('gone'));
  expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(failure.orThrow(never)).rejects.toThrow('gone');
  expect(thread.listenerCount('error')).toBe(0);
});
