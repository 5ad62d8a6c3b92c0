import type { JobKind, JobProgress, LogLine } from '#shared/domain/job.ts';
import type { TaskKind, TaskMap } from '#shared/worker/messages.ts';

/** Why a job was asked to end. */
export type StopReason = 'pause' | 'stop' | 'discard' | 'shutdown';

/** What a job may do while it runs. */
export interface JobContext {
  readonly jobId: string;
  /** Aborted when the job is asked to end. */
  readonly signal: AbortSignal;
  readonly stopReason: StopReason | null;
  progress(progress: JobProgress): void;
  log(level: LogLine['level'], message: string): void;
  /** Does a task in a worker process; its progress and log become the job's. */
  task<K extends TaskKind>(
    kind: K,
    task: TaskMap[K]['task'],
    onEvent?: (event: TaskMap[K]['event']) => void,
  ): Promise<TaskMap[K]['result']>;
}

/**
 * Does the jobs of one kind. `request` is what was stored with the job: running it again after a crash must lead to the
 * same end. A runner that ends because it was asked to throws `Cancelled`, after having kept what it could.
 */
export interface JobRunner {
  run(request: unknown, context: JobContext): Promise<unknown>;
  /** Told once the job's row says how it ended (or that it waits again). */
  settled?(request: unknown, jobId: string): void;
}

export type JobRunners = Readonly<Partial<Record<JobKind, JobRunner>>>;

type Slot = 'compute' | 'import' | 'export';

/** Jobs of one slot run one after the other: two trainings on one machine are slower than one after the other. */
export const SLOT_OF_JOB: Readonly<Record<JobKind, Slot>> = {
  train: 'compute',
  embed: 'compute',
  evaluate: 'compute',
  mine: 'compute',
  import: 'import',
  duplicates: 'import',
  export: 'export',
};
