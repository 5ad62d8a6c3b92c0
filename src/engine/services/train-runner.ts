import type { JobStatus } from '#shared/domain/job.ts';
import type { RunStatus } from '#shared/domain/run.ts';
import { Cancelled, UserError } from '#shared/rpc/errors.ts';
import type { TrainEvent, TrainResult } from '#shared/worker/train.ts';
import type { RunRecord } from '#catalog/repositories/runs.ts';
import type { JobContext, JobRunner } from '../jobs/job-runner.ts';
import { startOf } from './backbone-weights.ts';
import { goodCheckpoint, remediedConfig, remedyFor, remedySentence } from './run-remedy.ts';
import type { ServiceContext } from './service-context.ts';
import { keepTrainingRefresh } from './training-refresh.ts';

export interface TrainRequest {
  readonly runId: string;
}

const RUN_STATUS: Readonly<Partial<Record<JobStatus, RunStatus>>> = {
  queued: 'queued',
  paused: 'paused',
  cancelled: 'stopped',
  failed: 'failed',
};

/** Trains a run, from its furthest checkpoint where it has one. */
export class TrainRunner implements JobRunner {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** Until its steps are done; a run that may mend itself goes on from its last good checkpoint where it failed. */
  async run(request: unknown, job: JobContext): Promise<unknown> {
    const { runId } = request as TrainRequest;
    for (;;) {
      const { run, result, baseSeconds } = await this.#session(runId, job);
      const config = JSON.parse(run.config) as Record<string, unknown>;
      const change = remedyFor(config, result);
      if (change === null) return this.#finish(run, result, baseSeconds);
      this.#mend(run, remediedConfig(config, change, result), result, baseSeconds);
      job.log('warn', remedySentence(change, this.#context.checkpoints.furthest(runId)));
    }
  }

  /** One life of the worker. */
  async #session(
    runId: string,
    job: JobContext,
  ): Promise<{ run: RunRecord; result: TrainResult; baseSeconds: number }> {
    const { runs, checkpoints, points, datasets, catalog } = this.#context;
    const run = runs.require(runId);
    const from = checkpoints.furthest(runId);
    const resumeFrom = from !== undefined && catalog.files.has(from.file) ? from : undefined;
    const step = resumeFrom?.step ?? 0;
    // A run that begins measures its untrained network at step 0 again.
    points.dropAfter(runId, step === 0 ? -1 : step);
    runs.update(runId, {
      status: 'running',
      error: null,
      step,
      epoch: resumeFrom?.epoch ?? 0,
    });
    this.#told(run);
    if (resumeFrom !== undefined) job.log('info', `Going on from the checkpoint at step ${resumeFrom.step}.`);
    const config = JSON.parse(run.config) as Record<string, unknown>;
    const task = {
      runId,
      datasetId: datasets.byKey(run.dataset).id,
      splitId: run.split,
      config,
      weights: startOf(config),
      backend: run.backend as 'auto',
      resumeFrom: resumeFrom?.file ?? null,
    };
    const keeper = new RunKeeper(this.#context, run);
    const result = await job.task('train', task, (event) => keeper.take(event));
    return { run, result, baseSeconds: keeper.baseSeconds };
  }

  /** Writes the settings and the checkpoint that the run goes on with. */
  #mend(
    run: RunRecord,
    config: Readonly<Record<string, unknown>>,
    result: TrainResult,
    baseSeconds: number,
  ): void {
    const { runs, checkpoints, catalog } = this.#context;
    const kept = checkpoints.list(run.id);
    const good = goodCheckpoint(kept, result.status);
    const gone = catalog.write(() => {
      runs.update(run.id, { config, seconds: baseSeconds + result.seconds });
      return good === undefined
        ? checkpoints.removeAll(run.id)
        : checkpoints.put(run.id, { ...good, kind: 'last' });
    });
    this.#context.sweep(gone);
  }

  settled(request: unknown, jobId: string): void {
    const { runId } = request as TrainRequest;
    const run = this.#context.runs.find(runId);
    if (run === undefined) return;
    const job = this.#context.jobs.require(jobId);
    const status = RUN_STATUS[job.status];
    if (status !== undefined) this.#context.runs.update(runId, { status, error: job.error });
    this.#told(run);
  }

  #finish(run: RunRecord, result: TrainResult, baseSeconds: number): unknown {
    const { runs, checkpoints } = this.#context;
    runs.update(run.id, {
      step: result.step,
      epoch: result.epoch,
      seconds: baseSeconds + result.seconds,
      ...(result.finalLoss !== null && { finalLoss: result.finalLoss }),
      ...(result.bestValidation !== null && { bestValidation: result.bestValidation }),
    });
    if (result.status === 'stopped') throw new Cancelled(result.reason);
    if (result.status === 'diverged' || result.status === 'collapsed')
      throw new UserError('diverged', result.reason);
    runs.update(run.id, { status: 'done' });
    const kept = checkpoints.list(run.id);
    const shown = kept.find((one) => one.kind === 'best') ?? kept[0];
    return {
      runId: run.id,
      name: run.name,
      status: result.status,
      reason: result.reason,
      epochs: result.epoch,
      steps: result.step,
      finalLoss: result.finalLoss,
      bestValidation: result.bestValidation,
      seconds: baseSeconds + result.seconds,
      checkpoint: shown?.file ?? null,
    };
  }

  #told(run: RunRecord): void {
    this.#context.runChanges.publish(run.id);
    this.#context.tell(['runs'], this.#context.datasets.byKey(run.dataset).id);
  }
}

/** Keeps what the training worker sends. */
class RunKeeper {
  readonly #context: ServiceContext;
  readonly #run: RunRecord;
  readonly #startedAt: number;
  /** Of earlier sessions of the same run. */
  readonly baseSeconds: number;

  constructor(context: ServiceContext, run: RunRecord) {
    this.#context = context;
    this.#run = run;
    this.#startedAt = context.now();
    this.baseSeconds = run.seconds;
  }

  take(event: TrainEvent): void {
    const { runs, points, checkpoints, catalog, now } = this.#context;
    const { id } = this.#run;
    const seconds = this.baseSeconds + (now() - this.#startedAt) / 1000;
    if (event.kind === 'points') {
      const last = event.points.at(-1);
      if (last === undefined) return;
      catalog.write(() => {
        points.append(id, event.points);
        const loss = last.values['loss'];
        runs.update(id, {
          step: last.step,
          epoch: last.epoch,
          seconds,
          ...(loss !== undefined && { finalLoss: loss }),
        });
      });
    } else if (event.kind === 'checkpoint') {
      const { checkpoint: kind, step, epoch, file, validation } = event;
      const replaced = catalog.write(() => {
        if (kind === 'best' && validation !== null) runs.update(id, { bestValidation: validation });
        return checkpoints.put(id, { kind, step, epoch, file, validation, at: now() });
      });
      this.#context.sweep(replaced);
    } else if (event.kind === 'refresh') {
      keepTrainingRefresh(this.#context, this.#run, event);
    } else if (event.kind === 'finding') {
      const facts = JSON.parse(runs.require(id).facts) as { findings?: unknown[] };
      const { kind: _kind, ...finding } = event;
      runs.update(id, { facts: { ...facts, findings: [...(facts.findings ?? []), finding] } });
    } else if (event.kind === 'hardest-classes') {
      const facts = JSON.parse(runs.require(id).facts) as object;
      runs.update(id, { facts: { ...facts, hardestClasses: { step: event.step, classes: event.classes } } });
    } else {
      // What was found earlier stays with the run when it goes on.
      const { findings, hardestClasses } = JSON.parse(runs.require(id).facts) as Record<string, unknown>;
      const kept = {
        ...(findings !== undefined && { findings }),
        ...(hardestClasses !== undefined && { hardestClasses }),
      };
      runs.update(id, { facts: { ...event.facts, ...kept } });
    }
    this.#context.runChanges.publish(id);
  }
}
