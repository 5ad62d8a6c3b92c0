import type { Failure, Job, JobKind, JobProgress, LogLine } from '#shared/domain/job.ts';
import { BugError, Cancelled, UserError } from '#shared/rpc/errors.ts';
import type { TaskKind, TaskMap } from '#shared/worker/messages.ts';
import type { JobChange, JobRepository } from '#catalog/repositories/jobs.ts';
import type { JobContext, JobRunner, StopReason } from './job-runner.ts';
import type { RunningTask, WorkerHost } from './worker-host.ts';

export interface RunningJobParts {
  readonly jobs: JobRepository;
  readonly host: WorkerHost;
  readonly runner: JobRunner | undefined;
  now(): number;
  tell(job: Job): void;
  /** A change that could not be written now. */
  keepUnsaved(jobId: string, change: JobChange): void;
  readonly onBug?: (jobId: string, error: unknown) => void;
}

/** Progress is written at most this often: each write is synced to disk. */
const PROGRESS_EVERY_MS = 250;

/** One job from its start to its end. Never rejects: however the work ends, the job's row says it. */
export class RunningJob implements JobContext {
  readonly jobId: string;
  readonly kind: JobKind;
  readonly ended: Promise<void>;
  readonly #parts: RunningJobParts;
  readonly #abort = new AbortController();
  #stopReason: StopReason | null = null;
  #task: RunningTask<TaskKind> | null = null;
  #progressAt = -Infinity;
  #progressPhase = '';

  constructor(job: Job, parts: RunningJobParts) {
    this.jobId = job.id;
    this.kind = job.kind;
    this.#parts = parts;
    this.#update({ status: 'running', startedAt: job.startedAt ?? parts.now(), error: null });
    this.ended = this.#run(parts.jobs.request(job.id));
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get stopReason(): StopReason | null {
    return this.#stopReason;
  }

  stop(reason: StopReason): void {
    // The end of the engine does not undo what a person asked for just before: a paused job stays paused.
    if (reason !== 'shutdown' || this.#stopReason === null) this.#stopReason = reason;
    this.#task?.stop(reason === 'discard' ? 'discard' : 'checkpoint');
    this.#abort.abort(new Cancelled());
  }

  progress(progress: JobProgress): void {
    const now = this.#parts.now();
    const isLast = progress.total !== null && progress.done >= progress.total;
    if (progress.phase === this.#progressPhase && !isLast && now - this.#progressAt < PROGRESS_EVERY_MS)
      return;
    this.#progressAt = now;
    this.#progressPhase = progress.phase;
    this.#update({ progress });
  }

  log(level: LogLine['level'], message: string): void {
    this.#parts.jobs.appendLog(this.jobId, [{ at: this.#parts.now(), level, message }]);
  }

  async task<K extends TaskKind>(
    kind: K,
    task: TaskMap[K]['task'],
    onEvent?: (event: TaskMap[K]['event']) => void,
  ): Promise<TaskMap[K]['result']> {
    this.signal.throwIfAborted();
    const running = this.#parts.host.start(kind, task, {
      onProgress: (progress) => this.progress(progress),
      onLog: (line) => this.#parts.jobs.appendLog(this.jobId, [line]),
      ...(onEvent && { onEvent }),
    });
    this.#task = running;
    try {
      return await running.result;
    } finally {
      this.#task = null;
    }
  }

  async #run(request: unknown): Promise<void> {
    try {
      const { runner } = this.#parts;
      if (runner === undefined)
        throw new UserError('bad-input', `Nothing here does jobs of the kind "${this.kind}".`);
      const result = await runner.run(request, this);
      this.#end({ status: 'done', result: result ?? null });
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#stopReason !== null && (error instanceof Cancelled || isAbort(error))) {
      // After a shutdown the row still says `running`: the next engine goes on with it.
      if (this.#stopReason === 'pause') this.#keep({ status: 'paused' });
      else if (this.#stopReason !== 'shutdown') this.#end({ status: 'cancelled' });
      return;
    }
    if (this.#stopReason === 'shutdown') return;
    const failure = toFailure(error);
    if (failure.code === 'bug') this.#parts.onBug?.(this.jobId, error);
    try {
      this.log('error', failure.message);
    } catch {
      // The log is a courtesy; a full disk has its own sentence in the job's error.
    }
    this.#end({ status: 'failed', error: failure });
  }

  #end(change: JobChange): void {
    this.#keep({ ...change, endedAt: this.#parts.now() });
  }

  #keep(change: JobChange): void {
    try {
      this.#update(change);
    } catch (error) {
      // The row cannot be written (a full disk): whoever waits is told all the same, and should this engine end before
      // there is space, the next one does the job again.
      this.#parts.onBug?.(this.jobId, error);
      this.#parts.keepUnsaved(this.jobId, change);
    }
  }

  #update(change: JobChange): void {
    this.#parts.tell(this.#parts.jobs.update(this.jobId, change));
  }
}

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/** The failure that a job's row keeps. */
export function toFailure(error: unknown): Failure {
  if (error instanceof UserError)
    return {
      code: error.code,
      message: error.message,
      ...(error.details !== undefined && { details: error.details }),
    };
  if (error instanceof BugError) return { code: 'bug', message: error.message, details: error.details };
  if (error instanceof Cancelled) return { code: 'cancelled', message: error.message };
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'bug', message: new BugError(null).message, details };
}
