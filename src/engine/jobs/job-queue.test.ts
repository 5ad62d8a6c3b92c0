import { expect, test } from 'vitest';
import { JobRepository } from '#catalog/repositories/jobs.ts';
import { temporaryCatalog } from '#catalog/temporary-catalog.ts';
import type { Job, JobStatus } from '#shared/domain/job.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { JobQueue } from './job-queue.ts';
import type { JobRunner } from './job-runner.ts';
import { WorkerHost } from './worker-host.ts';

const host = new WorkerHost({ places: { libraryPath: '/nowhere', resourcesPath: '/nowhere' } });
const WISH = { kind: 'export', title: 'Export', subject: null, request: {} } as const;

/** Works until it is asked to end, and then until `release`. */
function slowRunner(): JobRunner & { release(): void } {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  return {
    release,
    run: async (_request, job) => {
      await new Promise((resolve) => job.signal.addEventListener('abort', resolve));
      await released;
      throw job.signal.reason as Error;
    },
  };
}

function reached(queue: JobQueue, id: string, status: JobStatus): Promise<Job> {
  return new Promise((resolve) => {
    const leave = queue.changed.subscribe((job) => {
      if (job.id !== id || job.status !== status) return;
      leave();
      resolve(job);
    });
  });
}

test.each([
  ['pause', 'paused'],
  ['stop', 'cancelled'],
  ['nothing', 'running'],
] as const)(
  'when the engine ends, a job that was asked to %s before is left as %s',
  async (asked, status) => {
    using library = temporaryCatalog();
    const jobs = new JobRepository(library.catalog);
    const queue = new JobQueue({ jobs, host });
    const runner = slowRunner();
    queue.open({ export: runner });
    const { id } = queue.enqueue(WISH);
    await reached(queue, id, 'running');
    if (asked !== 'nothing') queue[asked](id);
    const closed = queue.close(10_000);
    runner.release();
    await closed;
    expect(jobs.require(id).status).toBe(status);
  },
);

test('a job whose row cannot be written waits, and those after it are still done', async () => {
  using library = temporaryCatalog();
  let isFull = false;
  class FullDisk extends JobRepository {
    override update(...change: Parameters<JobRepository['update']>): Job {
      if (isFull) throw new UserError('no-space', 'There is no space left.');
      return super.update(...change);
    }
  }
  const jobs = new FullDisk(library.catalog);
  const { promise: failed, resolve } = Promise.withResolvers<string>();
  const queue = new JobQueue({ jobs, host, onBug: resolve });
  queue.open({ export: { run: () => Promise.resolve({ files: [] }) } });
  isFull = true;
  const first = queue.enqueue(WISH);
  expect(await failed).toBe(first.id);
  expect(jobs.require(first.id).status).toBe('queued');
  isFull = false;
  const second = queue.enqueue(WISH);
  await reached(queue, second.id, 'done');
  expect(jobs.require(first.id).status).toBe('done');
  await queue.close(10_000);
});

test('a job that is taken back with its transaction is told to nobody; one that stays is told after the commit', async () => {
  using library = temporaryCatalog();
  const { catalog } = library;
  const jobs = new JobRepository(catalog);
  const queue = new JobQueue({ jobs, host });
  const told: { id: string; inTransaction: boolean }[] = [];
  queue.changed.subscribe((job) => told.push({ id: job.id, inTransaction: catalog.db.inTransaction }));
  expect(() =>
    catalog.write(() => {
      queue.enqueue(WISH);
      throw new UserError('conflict', 'Not now.');
    }),
  ).toThrow('Not now.');
  expect(told).toEqual([]);
  const kept = catalog.write(() => {
    expect(() =>
      catalog.write(() => {
        queue.enqueue(WISH);
        throw new UserError('conflict', 'Not this one.');
      }),
    ).toThrow('Not this one.');
    return catalog.write(() => queue.enqueue(WISH));
  });
  expect(told).toEqual([{ id: kept.id, inTransaction: false }]);
  await queue.close(10_000);
});

test('a job whose end could not be written keeps nobody busy, and is written when the engine ends', async () => {
  using library = temporaryCatalog();
  let isFull = false;
  class FullDisk extends JobRepository {
    override update(...change: Parameters<JobRepository['update']>): Job {
      if (isFull) throw new UserError('no-space', 'There is no space left.');
      return super.update(...change);
    }
  }
  const jobs = new FullDisk(library.catalog);
  const queue = new JobQueue({ jobs, host });
  queue.open({ export: { run: () => Promise.resolve((isFull = true)) } });
  const { id } = queue.enqueue({ ...WISH, subject: 'run_a' });
  expect(queue.about('run_a').working).toHaveLength(1);
  await reached(queue, id, 'done');
  await expect.poll(() => queue.isBusy).toBe(false);
  expect(jobs.require(id).status).toBe('running');
  expect(queue.about('run_a').working).toEqual([]);
  isFull = false;
  await queue.close(10_000);
  expect(jobs.require(id).status).toBe('done');
});
