import type { z } from 'zod';
import type { LogLine } from '#shared/domain/job.ts';
import type { Run, RunPoint, RunRequest } from '#shared/domain/run.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { RunRecord } from '#catalog/repositories/runs.ts';
import { latest } from '../jobs/broadcast.ts';
import { type CheckedRequest, checkRequest, runOptions } from './run-options.ts';
import type { ServiceContext } from './service-context.ts';
import { startRun } from './start-run.ts';

type Request = z.output<typeof RunRequest>;

export class RunsService {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  list(dataset: string | undefined): Run[] {
    const { runs, datasets } = this.#context;
    const key = dataset === undefined ? undefined : datasets.require(dataset).key;
    return runs.list(key).map((run) => runs.toRun(run));
  }

  get(ref: string): Run {
    return this.#context.runs.toRun(this.#context.runs.require(ref));
  }

  options(): ReturnType<typeof runOptions> {
    return runOptions();
  }

  async check(request: Request): Promise<CheckedRequest> {
    return checkRequest(this.#context, this.#splitOf(request).id, request);
  }

  /** @throws UserError bad-input with a sentence for the first wrong field and all of them in its details */
  async start(request: Request): Promise<{ runId: string; jobId: string }> {
    const { datasets, catalog } = this.#context;
    const dataset = datasets.require(request.dataset);
    const split = this.#splitOf(request);
    const checked = await checkRequest(this.#context, split.id, request);
    if (checked.config === null) {
      const message = checked.problems.map((problem) => problem.message).join(' ');
      throw new UserError('bad-input', message, { details: checked.problems });
    }
    const ready = { request, split, checked: { ...checked, config: checked.config } };
    return catalog.write(() => {
      const { run, jobId } = startRun(this.#context, ready);
      catalog.afterCommit(() => this.#context.tell(['runs', 'jobs'], dataset.id));
      return { runId: run.id, jobId };
    });
  }

  pause(ref: string): void {
    this.#context.queue.pause(this.#activeJob(this.#context.runs.require(ref)));
  }

  stop(ref: string, mode: 'checkpoint' | 'discard'): void {
    this.#context.queue.stop(
      this.#activeJob(this.#context.runs.require(ref)),
      mode === 'discard' ? 'discard' : 'stop',
    );
  }

  /** Goes on with a run that was paused, stopped or failed. */
  resume(ref: string): { jobId: string } {
    const { runs, queue, jobs } = this.#context;
    const run = runs.require(ref);
    if (run.status === 'done')
      throw new UserError('conflict', `The run "${run.name}" is done; start another one.`);
    if (run.job !== null) {
      const job = jobs.require(run.job);
      queue.resume(job.id);
      return { jobId: job.id };
    }
    // Its job was removed from the list: a new one goes on from the same checkpoint.
    const job = queue.enqueue({
      kind: 'train',
      title: `Train ${run.name}`,
      subject: run.id,
      request: { runId: run.id },
    });
    runs.update(run.id, { job: job.id, status: 'queued' });
    return { jobId: job.id };
  }

  rename(ref: string, name: string): void {
    const { runs } = this.#context;
    const run = runs.require(ref);
    const other = runs.find(name);
    if (other !== undefined && other.id !== run.id)
      throw new UserError('conflict', `There is already a run "${name}". Choose another name.`);
    runs.update(run.id, { name });
    this.#told(run);
  }

  /** Removes a run with its checkpoints, embeddings, evaluations and minings. @throws UserError conflict while a job works on it */
  remove(ref: string): void {
    const { runs, storedFiles, queue } = this.#context;
    const run = runs.require(ref);
    if (run.status === 'running' || run.status === 'queued')
      throw new UserError('conflict', `The run "${run.name}" is ${run.status}. Stop it first.`);
    const { working, paused } = queue.about(run.id);
    if (working[0] !== undefined)
      throw new UserError(
        'conflict',
        `"${working[0].title}" still works on the run "${run.name}". Wait for it, or stop it first.`,
      );
    for (const job of paused) queue.stop(job.id);
    const files = storedFiles.ofRun(run.id);
    runs.remove(run.id);
    this.#context.sweeps.removeEmpty();
    this.#context.sweep(files);
    this.#told(run);
    this.#context.tell(['evaluations', 'triplets'], this.#context.datasets.byKey(run.dataset).id);
  }

  points(ref: string, since: number, limit: number): RunPoint[] {
    return this.#context.points.list(this.#context.runs.require(ref).id, since, limit);
  }

  log(ref: string, limit: number): LogLine[] {
    const run = this.#context.runs.require(ref);
    return run.job === null ? [] : this.#context.jobs.log(run.job, limit);
  }

  /** The run now, and whenever it has a new state or new points. */
  async *events(ref: string, signal: AbortSignal): AsyncGenerator<{ seq: number; run: Run }, void> {
    const { runs, points, runChanges } = this.#context;
    const { id } = runs.require(ref);
    let shown = '';
    for await (const _ of latest<string>(runChanges, { signal, first: () => id })) {
      const record = runs.find(id);
      if (record === undefined) return;
      const item = { seq: points.lastSeq(id), run: runs.toRun(record) };
      const text = JSON.stringify(item);
      if (text !== shown) yield item;
      shown = text;
    }
  }

  #splitOf(request: Request) {
    return this.#context.splits.require(request.split, this.#context.datasets.require(request.dataset).key);
  }

  #activeJob(run: RunRecord): string {
    const job = run.job === null ? undefined : this.#context.jobs.require(run.job);
    if (job === undefined || !['queued', 'running', 'paused'].includes(job.status))
      throw new UserError('conflict', `The run "${run.name}" is not active (${run.status}).`);
    return job.id;
  }

  #told(run: RunRecord): void {
    this.#context.runChanges.publish(run.id);
    this.#context.tell(['runs'], this.#context.datasets.byKey(run.dataset).id);
  }
}
