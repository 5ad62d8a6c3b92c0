import type { Job, JobKind } from '#shared/domain/job.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { JobChange, JobRepository } from '#catalog/repositories/jobs.ts';
import { Broadcast } from './broadcast.ts';
import { type JobRunners, SLOT_OF_JOB, type StopReason } from './job-runner.ts';
import { RunningJob } from './running-job.ts';
import type { WorkerHost } from './worker-host.ts';

export interface JobQueueParts {
  readonly jobs: JobRepository;
  readonly host: WorkerHost;
  readonly now?: () => number;
  /** Defects of Plumage inside a job. */
  readonly onBug?: (jobId: string, error: unknown) => void;
}

const ENDED: ReadonlySet<Job['status']> = new Set(['done', 'failed', 'cancelled']);
export const hasEnded = (job: Job): boolean => ENDED.has(job.status);

/**
 * Runs jobs in the order they came, one a slot. Every change of a job is written first and told afterwards, so what a
 * client has heard of survives a crash. What was queued or running when the engine died is queued again by `recover`.
 */
export class JobQueue {
  readonly changed = new Broadcast<Job>();
  readonly #parts: JobQueueParts;
  readonly #running = new Map<string, RunningJob>();
  /** Ends of jobs whose rows could not be written. */
  readonly #unsaved = new Map<string, JobChange>();
  #runners: JobRunners = {};
  #isClosing = false;

  constructor(parts: JobQueueParts) {
    this.#parts = parts;
  }

  /** Names who does which kind, and goes on with what the last engine left. Called once. */
  open(runners: JobRunners): void {
    this.#runners = runners;
    for (const job of this.#parts.jobs.active()) {
      if (job.status !== 'running') continue;
      this.#parts.jobs.appendLog(job.id, [
        { at: this.#now(), level: 'warn', message: 'The engine ended while this ran; it goes on now.' },
      ]);
      this.#tell(this.#parts.jobs.update(job.id, { status: 'queued', progress: null }));
    }
    this.#startNext();
  }

  enqueue(job: { kind: JobKind; title: string; subject: string | null; request: unknown }): Job {
    const added = this.#parts.jobs.insert({ ...job, at: this.#now() });
    this.#tell(added);
    // On the next turn: the caller may still have to note the job's id beside its own rows.
    setImmediate(() => this.#startNext());
    return added;
  }

  /** @throws UserError not-found, conflict */
  pause(id: string): void {
    const job = this.#parts.jobs.require(id);
    if (job.status === 'queued') this.#tell(this.#parts.jobs.update(id, { status: 'paused' }));
    else if (job.status === 'running') this.#stopRunning(id, 'pause');
    else throw notActive(job);
    if (job.status === 'queued') this.#settled(id, job.kind);
  }

  /** @throws UserError not-found, conflict */
  stop(id: string, reason: 'stop' | 'discard' = 'stop'): void {
    const job = this.#parts.jobs.require(id);
    if (job.status === 'running') this.#stopRunning(id, reason);
    else if (job.status === 'queued' || job.status === 'paused') {
      this.#tell(this.#parts.jobs.update(id, { status: 'cancelled', endedAt: this.#now() }));
      this.#settled(id, job.kind);
    } else throw notActive(job);
  }

  /** Queues a job again that was paused, stopped or failed. @throws UserError not-found, conflict */
  resume(id: string): void {
    this.saveEnds();
    const job = this.#parts.jobs.require(id);
    if (job.status === 'queued' || job.status === 'running')
      throw new UserError(
        'conflict',
        `"${job.title}" is ${job.status === 'queued' ? 'waiting for its turn' : 'running'} already.`,
      );
    if (job.status === 'done') throw new UserError('conflict', `"${job.title}" is done; start it anew.`);
    this.#tell(this.#parts.jobs.update(id, { status: 'queued', error: null, endedAt: null }));
    this.#settled(id, job.kind);
    setImmediate(() => this.#startNext());
  }

  /** @throws UserError not-found, conflict while it is active */
  remove(id: string): void {
    this.saveEnds();
    const job = this.#parts.jobs.require(id);
    if (!hasEnded(job)) throw new UserError('conflict', `"${job.title}" has not ended. Stop it first.`);
    this.#parts.jobs.remove(id);
    this.#tell(job);
  }

  /** A job as it is, also where its row could not be written. @throws UserError not-found */
  state(id: string): Job {
    this.saveEnds();
    return { ...this.#parts.jobs.require(id), ...this.#unsaved.get(id) };
  }

  /** Tries again to write what could not be written: there may be space now. */
  saveEnds(): void {
    for (const [id, change] of this.#unsaved) {
      try {
        this.#parts.jobs.update(id, change);
        this.#unsaved.delete(id);
      } catch {
        // Told when it failed first.
        return;
      }
    }
  }

  get isBusy(): boolean {
    return this.#running.size > 0 || this.#parts.jobs.active().some((job) => this.#hasWork(job));
  }

  /** Jobs about `subject` that run or wait for their turn, and those that are paused. */
  about(subject: string): { readonly working: readonly Job[]; readonly paused: readonly Job[] } {
    const jobs = this.#parts.jobs.active().filter((job) => job.subject === subject);
    return {
      working: jobs.filter((job) => this.#hasWork(job)),
      paused: jobs.filter((job) => job.status === 'paused'),
    };
  }

  /** Stops what runs so that the next engine goes on with it. */
  async close(withinMs: number): Promise<void> {
    this.#isClosing = true;
    const running = [...this.#running.values()];
    for (const job of running) job.stop('shutdown');
    const timer = setTimeout(() => this.#parts.host.killAll(), withinMs);
    await Promise.allSettled(running.map((job) => job.ended));
    clearTimeout(timer);
    this.saveEnds();
  }

  /** An end that could not be written is an end all the same. */
  #hasWork(job: Job): boolean {
    return job.status !== 'paused' && !this.#unsaved.has(job.id);
  }

  #stopRunning(id: string, reason: StopReason): void {
    const running = this.#running.get(id);
    if (running === undefined) throw new UserError('conflict', 'The job has ended just now.');
    running.stop(reason);
  }

  #startNext(): void {
    if (this.#isClosing) return;
    const busy = new Set([...this.#running.values()].map((job) => SLOT_OF_JOB[job.kind]));
    for (const job of this.#parts.jobs.active()) {
      const slot = SLOT_OF_JOB[job.kind];
      if (job.status !== 'queued' || busy.has(slot) || this.#running.has(job.id)) continue;
      busy.add(slot);
      try {
        this.#start(job);
      } catch (error) {
        // Its row cannot be written (a full disk): it waits, and the engine lives on.
        this.#parts.onBug?.(job.id, error);
      }
    }
  }

  #start(job: Job): void {
    const running = new RunningJob(job, {
      ...this.#parts,
      now: () => this.#now(),
      runner: this.#runners[job.kind],
      tell: (changed) => this.#tell(changed),
      keepUnsaved: (id, change) => {
        this.#unsaved.set(id, change);
        this.#tell({ ...this.#parts.jobs.require(id), ...change });
      },
    });
    this.#running.set(job.id, running);
    void running.ended
      .then(() => {
        this.#running.delete(job.id);
        this.#settled(job.id, job.kind);
      })
      .catch((error: unknown) => this.#parts.onBug?.(job.id, error))
      .then(() => this.#startNext());
  }

  #settled(id: string, kind: JobKind): void {
    this.#runners[kind]?.settled?.(this.#parts.jobs.request(id), id);
  }

  #tell(job: Job): void {
    this.#parts.jobs.afterCommit(() => this.changed.publish(job));
  }

  #now(): number {
    return (this.#parts.now ?? Date.now)();
  }
}

function notActive(job: Job): UserError {
  return new UserError('conflict', `"${job.title}" has ended already (${job.status}).`);
}
