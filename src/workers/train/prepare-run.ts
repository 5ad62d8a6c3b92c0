import { availableParallelism, freemem } from 'node:os';
import { ContentStore } from '#catalog/content-store.ts';
import { type PixelCache, openPixelCache } from '#images/pixel-cache/pixel-cache.ts';
import type { Network } from '#learn/backbones/network.ts';
import { type RunConfig, RunSettings, plannedSteps } from '#learn/config.ts';
import { trainingBytes } from '#learn/config/memory-estimate.ts';
import type { Weights } from '#learn/models/weights.ts';
import { createRandom } from '#learn/random/counter-random.ts';
import { findMethod } from '#learn/registry.ts';
import type { BatchSampler } from '#learn/samplers/batch-sampler.ts';
import { createSampler } from '#learn/samplers/create-sampler.ts';
import { isMinedSampler } from '#learn/samplers/mined-set.ts';
import { RANDOM_STREAM } from '#learn/samplers/shuffled-batches.ts';
import { withNearestClasses } from '#learn/samplers/with-nearest-classes.ts';
import { plateauStart } from '#learn/schedules/plateau.ts';
import { collapsedLoss } from '#learn/sentinel/collapsed-loss.ts';
import { CollapseSentinel } from '#learn/sentinel/collapse-sentinel.ts';
import { Trainer } from '#learn/trainer.ts';
import { type RecordingReport, recordingSentence } from '#learn/training/rehearsal.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { TrainTask } from '#shared/worker/train.ts';
import { type OpenBackend, openBackend } from '../backend/open-backend.ts';
import type { WorkerContext } from '../host/worker-context.ts';
import { backboneOf } from '../model/backbone-weights.ts';
import { type RunState, loadCheckpoint } from './checkpoint.ts';
import { recordedStep } from './recorded-step.ts';
import { trainingSettings } from './training-settings.ts';
import { startingWeights } from './starting-weights.ts';
import { type TrainingPart, readTrainingParts } from './training-part.ts';

/** Everything that the training loop works with. */
export interface PreparedRun {
  readonly config: RunConfig;
  readonly backend: OpenBackend;
  readonly network: Network;
  readonly store: ContentStore;
  readonly trainer: Trainer;
  readonly sentinel: CollapseSentinel;
  readonly train: TrainingPart;
  /** Decoded images of the training part. */
  readonly trainCache: PixelCache;
  readonly validation: { readonly cache: PixelCache; readonly labels: Int32Array } | null;
  readonly shorterSide: number;
  readonly sampler: BatchSampler;
  readonly totalSteps: number;
  readonly state: RunState;
  /** Arrays of the checkpoint that the run goes on from. */
  readonly resumed: Weights | null;
}

/** Opens backend, images and weights; a resumed run gets the state of its checkpoint. */
export async function prepareRun(task: TrainTask, context: WorkerContext<'train'>): Promise<PreparedRun> {
  const config = parseConfig(task.config);
  const { libraryPath } = context.places;
  const store = new ContentStore(libraryPath);
  const resumed = task.resumeFrom === null ? null : await loadCheckpoint(store, task.resumeFrom);
  const threads = resumed?.state.threads ?? (config.threads || availableParallelism());
  const backend = await openBackend(task.backend, { threads, plan: 'training' });
  if (resumed && resumed.state.backend !== backend.id) {
    context.log(
      'warn',
      `The run began on ${resumed.state.backend} and goes on with ${backend.id}: losses will differ in the last digits.`,
    );
  }
  const backbone = backboneOf(config.backbone);
  const network = backbone.create();
  const memoryBytes = trainingBytes(network, config.batch, config.size, config.freezeBatchNorm);
  context.log('info', `${backend.id} ${backend.version}, ${String(threads)} threads.`);
  if (memoryBytes > freemem() && backend.native) {
    context.log(
      'warn',
      `A step needs about ${gigabytes(memoryBytes)} and ${gigabytes(freemem())} are free: lower batch or size if the run ends without a word.`,
    );
  }

  const { train, validation } = readTrainingParts(libraryPath, task.splitId);
  if (train.items.length === 0) {
    throw new UserError(
      'bad-input',
      'The training part of this split is empty. Make a split that keeps images for training.',
    );
  }
  // Room for random crops to stay sharp; the disk holds a quarter of a megabyte an image at 224 px.
  const shorterSide = Math.max(config.evaluationResize, Math.ceil(config.size * 1.5));
  const cacheOf = (part: TrainingPart, phase: string): Promise<PixelCache> =>
    openPixelCache({
      libraryPath,
      shorterSide,
      items: part.items,
      signal: context.signal,
      onProgress: (done, total) => {
        context.progress({ phase, done, total, unit: 'images' });
      },
    });
  const trainCache = await cacheOf(train, 'Decoding training images');
  const validationCache =
    validation.items.length > 1 ? await cacheOf(validation, 'Decoding validation images') : null;

  const weights =
    resumed?.arrays ??
    (await startingWeights(backbone, config, trainCache, backend.kernels, context.places, task.weights));
  const method = findMethod(config.methodId);
  if (!method)
    throw new UserError('bad-input', `There is no method "${config.methodId}" in this version of Plumage.`);
  const random = createRandom(config.seed, RANDOM_STREAM.method);
  const methodContext = {
    classes: train.classes,
    dim: config.dim,
    featureDim: network.featureDim,
    kernels: backend.kernels,
    random,
  };
  const recording = recordedStep(backend, (message) => {
    context.log('warn', message);
  });
  const sampler = samplerOf(config, train.labels);
  const built = method.build(config.method, methodContext);
  const sentinel = new CollapseSentinel({
    methodId: config.methodId,
    method: config.method,
    collapsedLoss: collapsedLoss(built, methodContext),
  });
  const trainer = new Trainer({
    network,
    weights,
    // Twice a batch's classes: those that it has already are passed over.
    method:
      sampler.usesNearestClasses && !isMinedSampler(config.sampler)
        ? withNearestClasses(built, (2 * config.batch) / config.imagesPerClass)
        : built,
    dim: config.dim,
    seed: config.seed,
    freezeBatchNorm: config.freezeBatchNorm,
    frozenStages: config.frozenStages,
    ...trainingSettings(config),
    kernels: backend.kernels,
    ...recording,
  });
  if (resumed) trainer.restore(resumed.arrays);
  const report = trainer.rehearse(sampler.batch, config.size, resumed?.state.step ?? 0);
  context.log('info', recordingSentence(report));
  context.emit({
    kind: 'facts',
    facts: { ...factsOf(backend, threads, memoryBytes), ...recordingFacts(report) },
  });
  return {
    config,
    backend,
    network,
    store,
    trainer,
    sentinel,
    train,
    trainCache,
    resumed: resumed?.arrays ?? null,
    validation: validationCache && { cache: validationCache, labels: validation.labels },
    shorterSide,
    sampler,
    totalSteps: plannedSteps(config, train.items.length),
    state: resumed?.state ?? {
      step: 0,
      bestValidation: null,
      validationsWithoutGain: 0,
      threads,
      backend: backend.id,
      plateau: plateauStart,
      mining: null,
    },
  };
}

/** @throws UserError bad-input where the training part has no batches of this kind */
function samplerOf(config: RunConfig, labels: Int32Array): BatchSampler {
  try {
    return createSampler(config, labels, config.seed);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(
      'bad-input',
      `The training part gives no batches of sampler ${config.sampler}: ${error.message}. Take another sampler or split.`,
    );
  }
}

/** The engine sends what `resolveConfig` made; more fields beside (versions, hashes) are its own. */
function parseConfig(given: Readonly<Record<string, unknown>>): RunConfig {
  const known = Object.fromEntries(Object.entries(given).filter(([name]) => name in RunSettings.shape));
  const { methodId, method } = given;
  const settings = RunSettings.parse(known);
  if (typeof methodId !== 'string' || typeof method !== 'object' || method === null) {
    throw new UserError('bad-input', 'The settings of this run name no method.');
  }
  const evaluationResize = settings.evaluationResize || settings.size;
  return { ...settings, evaluationResize, methodId, method: method as Record<string, unknown> };
}

const factsOf = (backend: OpenBackend, threads: number, memoryBytes: number): Record<string, unknown> => ({
  backend: backend.id,
  backendVersion: backend.version,
  kernels: backend.kernels.id,
  threads,
  memoryEstimateBytes: Math.round(memoryBytes),
  node: process.versions.node,
});

const recordingFacts = ({ recorded, reason }: RecordingReport): Record<string, unknown> =>
  reason === null ? { recorded } : { recorded, notRecordedBecause: reason };

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
