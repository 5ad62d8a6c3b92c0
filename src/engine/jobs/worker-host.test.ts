import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { QueryTask } from '#shared/worker/embed.ts';
import type { JobProgress, LogLine } from '#shared/domain/job.ts';
import { WorkerHost } from './worker-host.ts';

const places = { libraryPath: '/nowhere', resourcesPath: '/nowhere' };
const entry = (): string => fileURLToPath(new URL('./testing/fake-worker.ts', import.meta.url));
const host = new WorkerHost({ places, entry, graceMs: 200 });
const task = (imagePath: string): QueryTask => ({
  model: { kind: 'backbone', backbone: 'b', size: 32 },
  imagePath,
  embedding: '',
  k: 1,
  backend: 'auto',
});

afterEach(() => host.killAll());

test('a task answers, its log is told and its process ends', async () => {
  const lines: LogLine[] = [];
  const { result } = host.start('query', task('ok'), { onLog: (line) => lines.push(line) });
  expect(await result).toEqual({ neighbors: [{ imageId: 1, distance: 0.5 }] });
  expect(lines).toEqual([{ at: 1, level: 'info', message: 'doing query' }]);
  expect(host.running).toBe(0);
});

test('a crash in native code is a sentence with the signal and the next step', async () => {
  await expect(host.start('query', task('crash')).result).rejects.toMatchObject({
    code: 'worker-died',
    message: expect.stringMatching(/ended by SIGSEGV \(a crash in native code.*Try again/),
  });
});

test('a process that leaves without an answer is a death, too', async () => {
  await expect(host.start('query', task('leave')).result).rejects.toMatchObject({
    code: 'worker-died',
    message: expect.stringContaining('code 7'),
  });
});

test('a refusal keeps its code and sentence', async () => {
  await expect(host.start('query', task('refuse')).result).rejects.toMatchObject({
    code: 'bad-input',
    message: 'No such picture.',
  });
});

test('messages of no known shape are named and ignored', async () => {
  const lines: LogLine[] = [];
  const { result } = host.start('query', task('garbage'), { onLog: (line) => lines.push(line) });
  await expect(result).resolves.toBeDefined();
  expect(lines.filter((line) => line.level === 'warn')).toHaveLength(2);
});

test('stop ends a worker that listens', async () => {
  const { promise: waiting, resolve } = Promise.withResolvers<JobProgress>();
  const running = host.start('query', task('wait'), { onProgress: resolve });
  expect((await waiting).phase).toBe('Waiting');
  running.stop('discard');
  await expect(running.result).rejects.toMatchObject({ name: 'Cancelled' });
});

test('stop kills a worker that does not listen', async () => {
  const { promise: started, resolve } = Promise.withResolvers<LogLine>();
  const running = host.start('query', task('deaf'), { onLog: resolve });
  await started;
  running.stop('checkpoint');
  await expect(running.result).rejects.toMatchObject({ name: 'Cancelled' });
});

test('a listener that cannot keep what it is told ends the task with its reason', async () => {
  const running = host.start('query', task('wait'), {
    onLog: () => {
      throw Object.assign(new Error('disk is full'), { code: 'no-space' });
    },
  });
  await expect(running.result).rejects.toMatchObject({ code: 'no-space' });
});

test('a script that is not there is a death with a sentence', async () => {
  const lost = new WorkerHost({ places, entry: () => '/nowhere/main.ts' });
  await expect(lost.start('query', task('ok')).result).rejects.toMatchObject({ code: 'worker-died' });
});
