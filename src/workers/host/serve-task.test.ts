import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { FromWorker, TaskKind } from '#shared/worker/messages.ts';

const ENTRY = fileURLToPath(new URL('./echo-worker.fixture.ts', import.meta.url));
let child: ChildProcess;

function start(imagePath: string, kind: TaskKind = 'query'): FromWorker[] {
  const messages: FromWorker[] = [];
  child = fork(ENTRY, { serialization: 'advanced', execArgv: [] });
  child.on('message', (message: FromWorker) => messages.push(message));
  child.send({
    type: 'start',
    kind,
    places: { libraryPath: '/library', resourcesPath: '/resources' },
    task: {
      model: { kind: 'backbone', backbone: 'b', size: 32 },
      imagePath,
      embedding: '',
      k: 3,
      backend: 'auto',
    },
  });
  return messages;
}

async function exitCode(): Promise<number | null> {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

afterEach(() => child.kill('SIGKILL'));

test('a task reports, answers and exits with 0', async () => {
  const messages = start('answer');
  expect(await exitCode()).toBe(0);
  expect(messages.map((message) => message.type)).toEqual(['progress', 'log', 'progress', 'done']);
  expect(messages[1]).toMatchObject({ line: { level: 'info', message: 'library /library' } });
  expect(messages[3]).toEqual({ type: 'done', result: { neighbors: [{ imageId: 7, distance: 0.5 }] } });
});

test('a UserError crosses as its code, sentence and details', async () => {
  const messages = start('refuse');
  expect(await exitCode()).toBe(1);
  expect(messages.at(-1)).toEqual({
    type: 'failed',
    error: { code: 'bad-input', message: 'No such picture.', details: { k: 3 } },
  });
});

test('a defect crosses as a bug with its stack, thrown now or later', async () => {
  let messages = start('break');
  expect(await exitCode()).toBe(1);
  expect(messages.at(-1)).toMatchObject({ type: 'failed', error: { code: 'bug' } });
  expect(JSON.stringify(messages.at(-1))).toContain('x is not a function');
  messages = start('throw-later');
  expect(await exitCode()).toBe(1);
  expect(JSON.stringify(messages.at(-1))).toContain('later');
});

test('a stop ends the task as cancelled', async () => {
  const messages = start('wait');
  await once(child, 'message');
  child.send({ type: 'stop', mode: 'discard' });
  expect(await exitCode()).toBe(1);
  expect(messages.at(-1)).toMatchObject({ type: 'failed', error: { code: 'cancelled' } });
});

test('the process ends when the engine goes away', async () => {
  start('wait');
  await once(child, 'message');
  child.disconnect();
  expect(await exitCode()).toBe(1);
});

test('a task that the worker does not know is refused', async () => {
  const messages = start('answer', 'mine');
  expect(await exitCode()).toBe(1);
  expect(messages.at(-1)).toMatchObject({ error: { message: 'This worker has no task "mine".' } });
});
