import * as tf from '@tensorflow/tfjs-core';
import { type ClusteringLoss, clusteringLoss } from '#learn/losses/structure/clustering.ts';
import { magnetLoss } from '#learn/losses/structure/magnet-loss.ts';
import { twoHeadLoss } from '#learn/losses/classification/two-head.ts';
import { openParityBackend } from '../backend.ts';
import { type Adapter, chosen, exact, flagOf, numberOf, tensorOf } from '../case.ts';
import { embeddingsOf, extraChecks, integersOf, lossChecks, matrixOf } from './loss-checks.ts';

export const compareMagnet: Adapter = async (example) => {
  await openParityBackend();
  const settings = { alpha: numberOf(example.params['alpha']) };
  const [clusters, labels] = [integersOf(example, 'clusters'), integersOf(example, 'classes')];
  const checks = await lossChecks(example, ['embeddings'], (raw) =>
    tf.mean(magnetLoss(embeddingsOf(example, raw, false), clusters, labels, settings).perSample),
  );
  const embeddings = embeddingsOf(example, matrixOf(example, 'embeddings'), false);
  const { variance } = magnetLoss(embeddings, clusters, labels, settings);
  return [...checks, ...(await extraChecks(example, { variance }))];
};

export const compareClustering: Adapter = async (example) => {
  await openParityBackend();
  const { params, expected } = example;
  const settings = {
    gamma: numberOf(params['gamma']),
    sweeps: numberOf(params['pamIterations']),
    average: chosen(params, 'nmiAverage', {
      arithmetic: 'arithmetic' as const,
      geometric: 'geometric' as const,
    }),
  };
  const labels = integersOf(example, 'labels');
  const classes = new Set(example.inputs['labels']!.data).size;
  const lossOf = (raw: tf.Tensor2D): ClusteringLoss =>
    clusteringLoss(embeddingsOf(example, raw, true), labels, settings, classes);
  const checks = await lossChecks(example, ['embeddings'], (raw) => lossOf(raw).value);
  const found = lossOf(matrixOf(example, 'embeddings'));
  const extras = await extraChecks(example, {
    predictedEnergy: found.foundEnergy,
    labelEnergy: found.labelEnergy,
    nmi: found.nmi,
  });
  // Not the medoids themselves: of two samples that only take each other over, rounding decides in the reference.
  const partition = (cluster: ArrayLike<number>): number[] =>
    Array.from(cluster, (one) => Array.prototype.indexOf.call(cluster, one));
  const assignment = await tf.argMax(found.assigned, 1).data();
  return [
    ...checks,
    ...extras,
    exact('partition', partition(assignment), partition(tensorOf(expected['assignment']).data)),
  ];
};

export const compareTwoHead: Adapter = async (example) => {
  const { kernels } = await openParityBackend();
  const { params } = example;
  const labels = integersOf(example, 'labels');
  const settings = {
    weight: numberOf(params['lambda']),
    margin: numberOf(params['margin']),
    mining: chosen(params, 'mining', {
      'batch-hard-all-anchors': 'hard' as const,
      'semihard-or-largest': 'semi-hard' as const,
    }),
  };
  if (!flagOf(params, 'squared', true)) throw new RangeError('its triplets compare squared distances');
  const normalized = flagOf(params, 'normalizeEmbeddings', true);
  const least = numberOf(params['normalizeEpsilon'] ?? 1e-10);
  const unit = (raw: tf.Tensor2D): tf.Tensor2D =>
    normalized ? tf.mul(raw, tf.rsqrt(tf.maximum(tf.sum(tf.square(raw), 1, true), least))) : raw;
  const checks = await lossChecks(
    example,
    ['logits', 'embeddings'],
    (logits, raw) => twoHeadLoss(logits, unit(raw), labels, settings, kernels).value,
  );
  const embeddings = unit(matrixOf(example, 'embeddings'));
  const parts = twoHeadLoss(matrixOf(example, 'logits'), embeddings, labels, settings, kernels);
  const { crossEntropy, triplet } = parts;
  return [...checks, ...(await extraChecks(example, { crossEntropy, triplet }))];
};
