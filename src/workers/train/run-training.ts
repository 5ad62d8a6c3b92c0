import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TrainingEmbeddings } from '#learn/losses/method.ts';
import { isMinedSampler } from '#learn/samplers/mined-set.ts';
import { type PlateauState, afterScore } from '#learn/schedules/plateau.ts';
import { runSchedule } from '#learn/schedules/run-schedule.ts';
import type { WatchedMeasures } from '#learn/sentinel/collapse-sentinel.ts';
import type { Finding } from '#learn/sentinel/finding.ts';
import type { StepResult } from '#learn/trainer.ts';
import { type ClassLoss, ClassLosses } from '#learn/training/class-losses.ts';
import type { TrainResult, TrainTask } from '#shared/worker/train.ts';
import type { WorkerContext } from '../host/worker-context.ts';
import { BatchLoader } from './batch-loader.ts';
import { saveCheckpoint } from './checkpoint.ts';
import { classLossSentence, classLossValues, hardestClasses } from './class-loss-report.ts';
import { RunMining } from './mining/run-mining.ts';
import { PointBuffer } from './point-buffer.ts';
import { type PreparedRun, prepareRun } from './prepare-run.ts';
import { trainingEmbeddings } from './training-embeddings.ts';
import { validate } from './validation.ts';

const nowMs = (): number => performance.now();

/** The training task: from the split to checkpoints, until its steps are done or something ends it earlier. */
export async function runTraining(task: TrainTask, context: WorkerContext<'train'>): Promise<TrainResult> {
  const started = nowMs();
  const run = await prepareRun(task, context);
  const loop = new TrainingLoop(run, context);
  try {
    const end = await loop.run();
    if (end.status !== 'diverged' && end.status !== 'collapsed') context.log('info', end.reason);
    return { ...end, ...loop.summary(), seconds: (nowMs() - started) / 1000 };
  } finally {
    await loop.close();
  }
}

type End = Pick<TrainResult, 'status' | 'reason' | 'remedy'>;

const watched = ({ loss, gradientNorm, measures }: StepResult): WatchedMeasures => ({
  loss,
  gradientNorm,
  embeddingSpread: measures['embeddingSpread'] ?? 1,
  meanPositiveDistance: measures['meanPositiveDistance'],
  meanNegativeDistance: measures['meanNegativeDistance'],
});

class TrainingLoop {
  readonly #run: PreparedRun;
  readonly #context: WorkerContext<'train'>;
  readonly #loader: BatchLoader;
  readonly #points: PointBuffer;
  readonly #rate: (step: number) => number;
  /** Steps done. */
  #step: number;
  #best: number | null;
  #withoutGain: number;
  #loss: number | null = null;
  #savedStep = -1;
  #plateau: PlateauState;
  readonly #classLosses: ClassLosses;
  readonly #mining: RunMining | null;

  constructor(run: PreparedRun, context: WorkerContext<'train'>) {
    const { config, train, shorterSide, sampler, totalSteps, state } = run;
    this.#run = run;
    this.#context = context;
    this.#step = state.step;
    this.#best = state.bestValidation;
    this.#withoutGain = state.validationsWithoutGain;
    this.#rate = runSchedule(config, totalSteps, sampler.stepsPerEpoch);
    this.#plateau = state.plateau;
    this.#classLosses = new ClassLosses(train.classes);
    if (run.resumed) this.#classLosses.restore(run.resumed);
    this.#mining = isMinedSampler(config.sampler) ? new RunMining(run, context, nowMs) : null;
    this.#points = new PointBuffer(
      totalSteps,
      (points) => {
        context.emit({ kind: 'points', points });
      },
      nowMs,
    );
    this.#loader = new BatchLoader(
      {
        libraryPath: context.places.libraryPath,
        shorterSide,
        items: train.items,
        labels: train.labels,
        size: config.size,
        batch: config.batch,
        sampler: config.sampler,
        imagesPerClass: config.imagesPerClass,
        seed: config.seed,
        cropScaleMin: config.cropScaleMin,
        flip: config.flip,
        firstStep: state.step,
        endStep: totalSteps,
      },
      nowMs,
    );
  }

  async run(): Promise<End> {
    const { config, sampler, totalSteps } = this.#run;
    if (this.#step === 0 && config.validateEveryEpochs > 0) this.#validate();
    if (this.#step % sampler.stepsPerEpoch !== 0) this.#beginEpoch();
    while (this.#step < totalSteps) {
      const epochBegins = this.#step % sampler.stepsPerEpoch === 0;
      const mines = this.#mining?.isDue(this.#step) ?? false;
      if (epochBegins || mines) {
        await this.#refresh(epochBegins, mines);
        this.#beginEpoch();
      }
      // A turn of the event loop, so that a stop is heard.
      await nextTurn();
      if (this.#context.signal.aborted) return this.#stop();
      const result = await this.#trainStep();
      const collapsed = this.#heed(this.#run.sentinel.observeStep(this.#step, watched(result)));
      if (collapsed) return collapsed;
      const epochEnds = this.#step % sampler.stepsPerEpoch === 0;
      // A limit of steps may end the run inside an epoch: that part of an epoch counts as one.
      const isLast = this.#step === totalSteps;
      if ((epochEnds || isLast) && (await this.#endEpoch(isLast))) return this.#earlyStop();
      const due = config.checkpointEverySteps > 0 && this.#step % config.checkpointEverySteps === 0;
      if (due && !epochEnds && !isLast) await this.#save(null);
    }
    // Resumed at its very end: the checkpoint that it came from was perhaps not validated.
    if (this.#savedStep !== this.#step) await this.#endEpoch(true);
    return { status: 'done', reason: 'All steps are done.' };
  }

  summary(): Pick<TrainResult, 'step' | 'epoch' | 'finalLoss' | 'bestValidation'> {
    return { step: this.#step, epoch: this.#epoch(), finalLoss: this.#loss, bestValidation: this.#best };
  }

  async close(): Promise<void> {
    this.#points.flush();
    await this.#loader.close();
  }

  /**
   * The method looks at the whole training part, which is mined where that is due; a run resumed inside an epoch has what
   * was found then.
   */
  async #refresh(epochBegins: boolean, mines: boolean): Promise<void> {
    const { trainer, sampler } = this.#run;
    const refreshes = epochBegins && trainer.refreshes;
    if (!refreshes && !mines) return;
    const begun = nowMs();
    const whole = this.#embed();
    if (refreshes) trainer.refresh(whole, sampler.epochOf(this.#step));
    const values = mines ? await this.#mining?.mine(this.#step, whole, begun) : null;
    if (values) this.#points.add(this.#step, this.#epoch(), values);
  }

  #embed(): TrainingEmbeddings {
    const { trainer, network, backend, trainCache, train, config, totalSteps } = this.#run;
    const [phase, done] = ['Embedding the training images', this.#step];
    this.#context.progress({ phase, done, total: totalSteps, unit: 'steps' });
    return trainingEmbeddings(network, trainer.trainingWeights(), backend.kernels, trainCache, train, config);
  }

  #beginEpoch(): void {
    const { sampler, trainer } = this.#run;
    const epoch = sampler.epochOf(this.#step);
    if (!this.#mining) this.#loader.beginEpoch(epoch, trainer.nearestClasses ?? null);
    else {
      const until = Math.min(this.#mining.rounds.until, (epoch + 1) * sampler.stepsPerEpoch);
      this.#loader.beginEpoch(epoch, this.#mining.rounds.nearestClasses(), this.#mining.rounds.set, until);
    }
  }

  async #trainStep(): Promise<StepResult> {
    const { config, trainer, totalSteps } = this.#run;
    const begun = nowMs();
    const { images, labels, waitMs } = await this.#loader.next();
    const factor = this.#rate(this.#step) * this.#plateau.factor;
    const [backbone, head, centers] = [config.backboneRate, config.headRate, config.centersRate].map(
      (rate) => rate * factor,
    ) as [number, number, number];
    const rates = [backbone, head, centers];
    const number = this.#step + 1;
    const retrace = config.retraceEvery > 0 && number % config.retraceEvery === 0;
    const result = trainer.step(images, labels, config.size, number, rates, retrace);
    if (result.perSample) this.#classLosses.add(labels, result.perSample);
    this.#mining?.rounds.observe(result.measures['activeShare']);
    this.#loader.release();
    this.#step += 1;
    const tookMs = nowMs() - begun;
    if (Number.isFinite(result.loss)) this.#loss = result.loss;
    this.#points.addStep(this.#step, this.#epoch(), {
      ...result.measures,
      learningRate: backbone,
      learningRateHead: head,
      learningRateCenters: centers,
      imagesPerSecond: (1000 * labels.length) / tookMs,
      loaderWaitShare: waitMs / tookMs,
    });
    this.#context.progress({ phase: 'Training', done: this.#step, total: totalSteps, unit: 'steps' });
    return result;
  }

  /** @returns whether the run should end early */
  async #endEpoch(isLast: boolean): Promise<boolean> {
    const { config, sampler } = this.#run;
    const epoch = this.#step / sampler.stepsPerEpoch;
    const hardest = this.#classLosses.ranked();
    this.#classLosses.reset();
    const diagnostics = this.#run.trainer.diagnostics();
    const costs = this.#mining?.costsOfEpoch() ?? {};
    this.#points.add(this.#step, epoch, { ...diagnostics, ...classLossValues(hardest), ...costs });
    this.#heed(this.#run.sentinel.observeEpoch(this.#step, diagnostics));
    const due = config.validateEveryEpochs > 0 && (isLast || epoch % config.validateEveryEpochs === 0);
    const recall = due ? this.#validate() : null;
    const better = recall !== null && (this.#best === null || recall > this.#best);
    if (better) [this.#best, this.#withoutGain] = [recall, 0];
    else if (recall !== null) this.#withoutGain += 1;
    if (recall !== null && config.schedule === 'plateau') this.#lowerOnPlateau(recall);
    const scored = recall === null ? '' : `, validation R@1 ${recall.toFixed(3)}`;
    const loss = this.#loss === null ? '' : `: loss ${this.#loss.toPrecision(4)}`;
    const { totalSteps } = this.#run;
    this.#context.log(
      'info',
      `Epoch ${String(Math.ceil(epoch))}, step ${String(this.#step)} of ${String(totalSteps)}${loss}${scored}.`,
    );
    if (hardest.length > 0) this.#tellHardest(hardest);
    // Where nothing is validated, the newest is the best that is known.
    const isBest = better || !this.#run.validation || config.validateEveryEpochs === 0;
    await this.#save(recall, isBest);
    return config.earlyStopPatience > 0 && this.#withoutGain >= config.earlyStopPatience;
  }

  #tellHardest(ranked: readonly ClassLoss[]): void {
    const names = this.#run.train.classNames;
    this.#context.log('info', classLossSentence(ranked, names));
    const classes = hardestClasses(ranked, names);
    this.#context.emit({ kind: 'hardest-classes', step: this.#step, classes });
  }

  #lowerOnPlateau(score: number): void {
    const { plateauPatience: patience, decayFactor } = this.#run.config;
    const before = this.#plateau.factor;
    this.#plateau = afterScore(this.#plateau, score, { patience, decayFactor });
    if (this.#plateau.factor !== before)
      this.#context.log(
        'info',
        `Validation did not rise: the rates are lowered to ${String(this.#plateau.factor)} of their settings.`,
      );
  }

  #validate(): number | null {
    const { network, trainer, backend, validation, config } = this.#run;
    if (!validation) return null;
    const { recall, effectiveRank } = validate(
      network,
      trainer.weights(),
      backend.kernels,
      validation,
      config,
    );
    this.#points.add(this.#step, this.#epoch(), {
      effectiveRank,
      ...(recall === null ? {} : { recallAt1: recall }),
    });
    return recall;
  }

  async #save(validation: number | null, isBest = false): Promise<void> {
    const { store, trainer, state, config } = this.#run;
    const arrays = new Map([...trainer.weights(), ...trainer.slots(), ...this.#classLosses.arrays()]);
    for (const [name, array] of this.#mining?.rounds.arrays() ?? []) arrays.set(name, array);
    const next = {
      ...state,
      step: this.#step,
      bestValidation: this.#best,
      validationsWithoutGain: this.#withoutGain,
      plateau: this.#plateau,
      mining: this.#mining?.rounds.state() ?? null,
    };
    const file = await saveCheckpoint(store, arrays, next, config);
    this.#savedStep = this.#step;
    this.#points.flush();
    // The best goes first: a run that goes on from the last holds its score to be known already.
    if (isBest) this.#emitCheckpoint('best', file, validation);
    this.#emitCheckpoint('last', file, validation);
  }

  #emitCheckpoint(checkpoint: 'last' | 'best', file: string, validation: number | null): void {
    this.#context.emit({
      kind: 'checkpoint',
      checkpoint,
      step: this.#step,
      epoch: this.#epoch(),
      file,
      validation,
    });
  }

  async #stop(): Promise<End> {
    if (this.#context.stopMode === 'discard')
      return { status: 'stopped', reason: 'Stopped; what came after the last checkpoint is discarded.' };
    if (this.#savedStep !== this.#step) await this.#save(null);
    return {
      status: 'stopped',
      reason: `Stopped after step ${String(this.#step)}; it can be resumed from there.`,
    };
  }

  #earlyStop(): End {
    const count = this.#run.config.earlyStopPatience;
    return {
      status: 'early-stopped',
      reason: `Recall@1 on the validation classes did not rise for ${String(count)} validations.`,
    };
  }

  /** What was found is told; it ends the run where there is nothing left to train, or where it may mend itself. */
  #heed(finding: Finding | null): End | null {
    if (finding === null) return null;
    const { kind, step, sentence, change } = finding;
    this.#context.emit({ kind: 'finding', finding: kind, step, sentence });
    const diverged = kind === 'not-finite';
    const mends = this.#run.config.autoRemedy && change !== null;
    this.#context.log(diverged && !mends ? 'error' : 'warn', sentence);
    if (!diverged && !mends) return null;
    const kept = this.#savedStep > 0 || this.#run.state.step > 0 ? ' The last good checkpoint is kept.' : '';
    return { status: diverged ? 'diverged' : 'collapsed', reason: `${sentence}${kept}`, remedy: change };
  }

  #epoch(): number {
    return this.#step / this.#run.sampler.stepsPerEpoch;
  }
}
