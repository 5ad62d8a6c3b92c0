import type { Client } from '../../shared/contract/index.ts';
import type { Job } from '../../shared/domain/job.ts';
import { isCancelled } from './failure.ts';

/** The jobs under way, live. Ended ones are asked for by whoever shows them. */
export class JobsState {
  active = $state.raw<readonly Job[]>([]);

  /** Follows one engine until the signal ends it. */
  async follow(client: Client, signal: AbortSignal): Promise<void> {
    try {
      for await (const { value } of client.jobs.active({}, { signal })) this.active = value;
    } catch (cause) {
      if (isCancelled(cause)) return;
      if (cause instanceof Error && 'code' in cause && cause.code === 'disconnected') return;
      throw cause;
    }
  }

  /** The job under way that works on a thing, e.g. a dataset's import. */
  of(subject: string): Job | undefined {
    return this.active.find((job) => job.subject === subject);
  }

  byId(jobId: string): Job | undefined {
    return this.active.find((job) => job.id === jobId);
  }

  /** How far all of them are together, 0 to 1; null when none can say. */
  get share(): number | null {
    const shares = this.active.map(jobShare).filter((share) => share !== null);
    return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length;
  }
}

/** Done share of a job, 0 to 1; null while its total is unknown. */
export function jobShare(job: Job): number | null {
  const progress = job.progress;
  if (progress === null || progress.total === null || progress.total === 0) return null;
  return Math.min(1, progress.done / progress.total);
}
