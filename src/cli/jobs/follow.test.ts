import { expect, test, vi } from 'vitest';
import type { Client } from '#shared/contract/index.ts';
import type { Job, JobStatus } from '#shared/domain/job.ts';
import type { Session } from '../session.ts';
import { followJob } from './follow.ts';

const job = (status: JobStatus, more: Partial<Job> = {}): Job => ({
  id: 'job_aaaaaaaa',
  kind: 'train',
  title: 'Training Birds',
  status,
  progress: null,
  subject: null,
  result: null,
  error: null,
  createdAt: 0,
  startedAt: null,
  endedAt: null,
  ...more,
});

/** A session over a client that shows these states; a state is given out only when `next` allows it. */
function session(states: readonly Job[], { waitFor }: { waitFor?: Promise<void> } = {}) {
  const interrupt = new AbortController();
  const stop = vi.fn(() => Promise.resolve());
  async function* watch() {
    for (const [i, value] of states.entries()) {
      if (i === states.length - 1) await waitFor;
      yield { value, missed: 0 };
    }
  }
  const client = { jobs: { watch, stop } } as unknown as Client;
  const progress = { say: vi.fn(), update: vi.fn(), end: vi.fn() };
  const made = { client: async () => client, progress, interrupted: interrupt.signal } as unknown as Session;
  return { made, interrupt, stop, progress };
}

test('gives the last state of a job that is done', async () => {
  const { made } = session([job('running'), job('done', { result: 5 })]);
  expect((await followJob(made, 'job_aaaaaaaa', { resume: '' })).result).toBe(5);
});

test('a failed job throws its own failure', async () => {
  const { made } = session([
    job('failed', { error: { code: 'no-space', message: 'The disk is full. Free 2 GB.' } }),
  ]);
  await expect(followJob(made, 'job_aaaaaaaa', { resume: '' })).rejects.toMatchObject({
    code: 'no-space',
    message: 'The disk is full. Free 2 GB.',
  });
});

test('Ctrl+C asks the job to stop, waits for it and says how to resume', async () => {
  let stopped!: () => void;
  const waitFor = new Promise<void>((resolve) => (stopped = resolve));
  const { made, interrupt, stop } = session([job('running'), job('cancelled')], { waitFor });
  stop.mockImplementation(async () => stopped());
  const followed = followJob(made, 'job_aaaaaaaa', { resume: 'plumage train --resume run_aaaaaaaa' });
  interrupt.abort();
  await expect(followed).rejects.toMatchObject({
    code: 'cancelled',
    message: 'Stopped. To go on: plumage train --resume run_aaaaaaaa',
  });
  expect(stop).toHaveBeenCalledTimes(1);
});

test('a job that somebody else stopped says so', async () => {
  const { made, stop } = session([job('cancelled')]);
  await expect(followJob(made, 'job_aaaaaaaa', { resume: 'again' })).rejects.toThrow(
    'Training Birds was stopped elsewhere. To go on: again',
  );
  expect(stop).not.toHaveBeenCalled();
});
