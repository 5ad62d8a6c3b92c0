import type { Job, LogLine } from '#shared/domain/job.ts';
import { latest } from '../jobs/broadcast.ts';
import { hasEnded } from '../jobs/job-queue.ts';
import type { ServiceContext } from './service-context.ts';

/** Jobs as people see them; the queue does the work. */
export class JobsService {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  list({ active, limit }: { active: boolean; limit: number }): Job[] {
    return active ? this.#context.jobs.active().slice(0, limit) : this.#context.jobs.list(limit);
  }

  get(jobId: string): Job {
    return this.#context.jobs.require(jobId);
  }

  pause(jobId: string): void {
    this.#context.queue.pause(jobId);
  }

  stop(jobId: string): void {
    this.#context.queue.stop(jobId);
  }

  resume(jobId: string): void {
    this.#context.queue.resume(jobId);
  }

  remove(jobId: string): void {
    this.#context.queue.remove(jobId);
  }

  log(jobId: string, limit: number): LogLine[] {
    this.#context.jobs.require(jobId);
    return this.#context.jobs.log(jobId, limit);
  }

  /** The job now and after each change, until it has ended. */
  async *watch(jobId: string, signal: AbortSignal): AsyncGenerator<Job, void> {
    let shown = this.#context.queue.state(jobId);
    yield shown;
    // Read again at every wake: the row is the truth, and a change between two reads is never missed.
    const wakes = latest<unknown>(this.#context.queue.changed, { signal, first: () => shown });
    for await (const _ of wakes) {
      if (hasEnded(shown)) return;
      const now = this.#context.queue.state(jobId);
      if (JSON.stringify(now) !== JSON.stringify(shown)) yield now;
      shown = now;
      if (hasEnded(now)) return;
    }
  }

  async *active(signal: AbortSignal): AsyncGenerator<Job[], void> {
    let shown = '';
    for await (const _ of latest<unknown>(this.#context.queue.changed, { signal, first: () => true })) {
      const now = this.#context.jobs.active();
      const text = JSON.stringify(now);
      if (text !== shown) yield now;
      shown = text;
    }
  }
}
