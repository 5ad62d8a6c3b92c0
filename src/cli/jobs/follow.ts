import type { Client } from '#shared/contract/index.ts';
import type { Job } from '#shared/domain/job.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { Session } from '../session.ts';

export interface FollowOptions {
  /** Asks the job to stop at its next checkpoint. Default: `jobs.stop`. */
  readonly stop?: () => Promise<void>;
  /** How to go on later, as the end of a sentence. */
  readonly resume: string;
}

/**
 * Shows a job until it ends and gives its last state. Ctrl+C asks it to stop and waits until it has.
 * @throws UserError with the job's own failure, or `cancelled` with how to resume
 */
export async function followJob(session: Session, jobId: string, options: FollowOptions): Promise<Job> {
  const client = await session.client();
  const stop = options.stop ?? (() => client.jobs.stop({ jobId }));
  let asked = false;
  const onInterrupt = (): void => {
    asked = true;
    session.progress.say('Stopping at the next checkpoint; press Ctrl+C again to leave it to the engine.');
    // A job that ended in the meantime cannot be stopped: its last state tells.
    stop().catch(() => undefined);
  };
  session.interrupted.addEventListener('abort', onInterrupt, { once: true });
  if (session.interrupted.aborted) onInterrupt();
  try {
    const job = await lastState(session, client, jobId);
    return ended(job, asked, options.resume);
  } finally {
    session.interrupted.removeEventListener('abort', onInterrupt);
    session.progress.end();
  }
}

async function lastState(session: Session, client: Client, jobId: string): Promise<Job> {
  let last: Job | undefined;
  for await (const { value } of client.jobs.watch({ jobId })) {
    last = value;
    if (value.progress) session.progress.update(value.progress);
    // A paused job does not end by itself: nobody is there to wait for.
    if (value.status === 'paused') break;
  }
  return last ?? (await client.jobs.get({ jobId }));
}

function ended(job: Job, asked: boolean, resume: string): Job {
  if (job.status === 'done') return job;
  if (job.status === 'failed') {
    const { code, message, details } = job.error ?? {
      code: 'bug',
      message: `${job.title} failed without a reason.`,
    };
    throw new UserError(code, message, { details });
  }
  const what = asked ? 'Stopped.' : `${job.title} was stopped elsewhere.`;
  throw new UserError('cancelled', `${what} To go on: ${resume}`, {
    details: { jobId: job.id, status: job.status },
  });
}
