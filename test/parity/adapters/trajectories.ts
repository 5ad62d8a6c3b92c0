import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '#learn/backend/kernels.ts';
import type { BuiltMethod } from '#learn/losses/method.ts';
import { recallAtK } from '#learn/metrics/retrieval.ts';
import { createEmbedder } from '#learn/models/embedder.ts';
import { createTrainable } from '#learn/models/trainable.ts';
import { HEAD_BIAS, type Weights } from '#learn/models/weights.ts';
import { adam } from '#learn/optimizers/adam.ts';
import { sgd } from '#learn/optimizers/momentum.ts';
import { createRandom } from '#learn/random/counter-random.ts';
import { findMethod } from '#learn/registry.ts';
import { Trainer, type TrainerOptions } from '#learn/trainer.ts';
import { recordedStep } from '#workers/train/recorded-step.ts';
import { openParityBackend } from '../backend.ts';
import { type Adapter, type Check, type ParityCase, numberOf } from '../case.ts';
import { FILE_NAMES, type TrajectoryData, readTrajectory, trajectoryNetwork } from './trajectory-data.ts';

/** A short run of our trainer: every loss, the first gradients, the first embeddings, recall before and after. */
export const compareTrajectory: Adapter = async (example) => {
  const opened = await openParityBackend();
  const { params } = example;
  const methodSettings = methodOf(params);
  if (methodSettings === null) return { skip: `no method for the loss ${String(params['loss'])} yet` };
  const data = readTrajectory(example);
  const options = (rule: TrainerOptions['rule'], decay: number): TrainerOptions => ({
    network,
    weights: data.weights,
    method: startedAsStored(buildMethod(methodSettings, data, opened.kernels), data),
    dim,
    seed: 1,
    freezeBatchNorm: false,
    rule,
    groups: [0, 1, 2].map(() => ({ decay, frozenSteps: 0 })),
    kernels: opened.kernels,
    ...recordedStep(opened, () => undefined),
  });
  const network = trajectoryNetwork(channelsOf(data));
  const dim = data.weights.get(HEAD_BIAS)!.data.length;

  const plain = options(sgd({ momentum: 0, nesterov: false }), 0);
  const checks = [...firstEmbeddings(example, data, plain), ...firstStep(example, data, new Trainer(plain))];
  const rule = adam({
    beta1: 0.9,
    beta2: 0.999,
    epsilon: numberOf(params['eps']),
    amsgrad: false,
    decoupledDecay: false,
  });
  const trainer = new Trainer(options(rule, numberOf(params['weightDecay'])));
  const recall = (): Record<string, number> =>
    heldoutRecall(data, network, trainer.weights(), opened.kernels);
  const before = recall();
  const bounds = example.tolerance['float32PerStep'] as number[];
  const losses = example.expected['losses64'] as number[];
  const model = numberOf(params['lrModel']);
  const rates = [model, model, params['lrCenters'] === undefined ? model : numberOf(params['lrCenters'])];
  for (const [step, batch] of data.batches.slice(0, losses.length).entries()) {
    const { loss } = trainer.step(...batchOf(data, batch), step + 1, rates);
    checks.push({
      what: `loss of step ${step + 1}`,
      got: [loss],
      want: [losses[step]!],
      abs: bounds[step]!,
      rel: 0,
    });
    checks.push(...sumsAndNorms(example, step + 1, trainer.weights()));
  }
  const after = recall();
  const recallBound = numberOf(example.tolerance['recall']);
  for (const [name, got] of [
    ['recallBefore', before],
    ['recallAfter', after],
  ] as const) {
    for (const [k, want] of Object.entries(example.expected[name] as Record<string, number>))
      checks.push({ what: `${name}@${k}`, got: [got[k]!], want: [want], abs: recallBound + 1e-9, rel: 0 });
  }
  trainer.dispose();
  return checks;
};

interface Chosen {
  readonly id: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

function methodOf(params: ParityCase['params']): Chosen | null {
  const number = (name: string): number => numberOf(params[name]);
  switch (params['loss']) {
    case 'softtriple':
      return {
        id: 'soft-triple',
        settings: {
          scale: number('lambda'),
          centerTemperature: number('gamma'),
          regularizerWeight: number('tau'),
          margin: number('margin'),
          centersPerClass: number('K'),
        },
      };
    case 'semihard':
      return { id: 'triplet', settings: { margin: number('margin'), mining: 'semi-hard-or-largest' } };
    case 'proxy-nca':
      return { id: 'proxy-nca', settings: { scale: number('scale'), includePositive: true } };
    case 'two-head':
      return {
        id: 'two-head',
        settings: { margin: number('margin'), weight: number('lambda'), featureDivisor: 1 },
      };
    default:
      return null;
  }
}

function buildMethod({ id, settings }: Chosen, data: TrajectoryData, kernels: Kernels): BuiltMethod {
  const method = findMethod(id)!;
  return method.build(method.schema.parse(settings), {
    classes: new Set(data.train.labels).size,
    dim: data.weights.get(HEAD_BIAS)!.data.length,
    featureDim: channelsOf(data).at(-1)!,
    kernels,
    random: createRandom(1),
  });
}

const channelsOf = ({ weights }: TrajectoryData): number[] =>
  [1, 2, 3].map((k) => weights.get(`bn${k}.bias`)!.data.length);

/** The method with the file's starting values. */
const startedAsStored = (built: BuiltMethod, data: TrajectoryData): BuiltMethod => ({
  ...built,
  parameters: built.parameters.map((parameter) =>
    // What no gradient moves is ours alone: counts for the curves.
    parameter.rate === 'none'
      ? parameter
      : { ...parameter, initial: data.array(`init.${FILE_NAMES[`method/${parameter.name}`]!}`)!.data },
  ),
});

function batchOf({ train }: TrajectoryData, batch: Int32Array): [Float32Array, Int32Array, number] {
  const values = train.side ** 2 * 3;
  const images = new Float32Array(batch.length * values);
  for (const [i, image] of batch.entries())
    images.set(train.pixels.subarray(image * values, (image + 1) * values), i * values);
  return [images, batch.map((image) => train.labels[image]!), train.side];
}

/** The first batch as the loss gets it: normalised by its own statistics. */
function firstEmbeddings(example: ParityCase, data: TrajectoryData, options: TrainerOptions): Check[] {
  const want = data.array(`${example.name}.embedding0`)?.data;
  if (!want) return [];
  const model = createTrainable(options);
  const [images, labels, side] = batchOf(data, data.batches[0]!);
  const got = tf.tidy(() =>
    model.forward(tf.tensor4d(images, [labels.length, side, side, 3])).embeddings.dataSync(),
  );
  model.dispose();
  return [{ what: 'embeddings of the first batch', got, want, abs: 1e-5, rel: 1e-5 }];
}

/** Plain gradient descent at rate 1: what a parameter loses is its gradient. */
function firstStep(example: ParityCase, data: TrajectoryData, trainer: Trainer): Check[] {
  const before = trainer.weights();
  trainer.step(...batchOf(data, data.batches[0]!), 1, [1, 1, 1]);
  const after = trainer.weights();
  trainer.dispose();
  const checks: Check[] = [];
  for (const [name, { data: start }] of before) {
    const want = data.array(`${example.name}.grad.${FILE_NAMES[name] ?? name}`)?.data;
    if (!want) continue;
    const end = after.get(name)!.data;
    const got = start.map((value, i) => value - end[i]!);
    checks.push({ what: `gradient of ${name}`, got, want, abs: 2e-6, rel: 2e-4 });
  }
  return checks;
}

/** Sum and length of every array, where the file has them for this step. */
function sumsAndNorms(example: ParityCase, step: number, weights: Weights): Check[] {
  const stored = example.expected['parameterSumAndNorm'] as Record<string, Record<string, [number, number]>>;
  const nameOf = new Map([...weights.keys()].map((name) => [FILE_NAMES[name] ?? name, name]));
  return Object.entries(stored[step] ?? {}).map(([file, want]): Check => {
    const { data } = weights.get(nameOf.get(file) ?? file)!;
    const sum = data.reduce((total, value) => total + value, 0);
    const norm = Math.sqrt(data.reduce((total, value) => total + value * value, 0));
    return {
      what: `sum and norm of ${file} after step ${step}`,
      got: [sum, norm],
      want,
      abs: 2e-3,
      rel: 2e-3,
    };
  });
}

/** R@1, 2, 4 of the held-out images among themselves, in evaluation mode. */
function heldoutRecall(
  { heldout: { pixels, labels, side } }: TrajectoryData,
  network: TrainerOptions['network'],
  weights: Weights,
  kernels: Kernels,
): Record<string, number> {
  const embedder = createEmbedder(network, weights, kernels);
  const count = labels.length;
  const similarity = tf.tidy(() => {
    const rows = embedder.embed(tf.tensor4d(pixels, [count, side, side, 3]));
    return tf.matMul(rows, rows, false, true).dataSync();
  });
  embedder.dispose();
  const hits = Array.from(labels, (label, query) =>
    Array.from(labels.keys())
      .filter((other) => other !== query)
      .sort((a, b) => similarity[query * count + b]! - similarity[query * count + a]! || a - b)
      .map((other) => (labels[other] === label ? 1 : 0)),
  );
  const mean = (k: number): number => hits.reduce((sum, list) => sum + recallAtK(list, k), 0) / count;
  return { 1: mean(1), 2: mean(2), 4: mean(4) };
}
