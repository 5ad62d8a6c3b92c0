import * as tf from '@tensorflow/tfjs-core';
import { unitRows } from '#learn/losses/centers.ts';
import { type ClusteringLoss, clusteringLoss } from '#learn/losses/structure/clustering.ts';
import { magnetLoss } from '#learn/losses/structure/magnet-loss.ts';
import { twoHeadLoss } from '#learn/losses/classification/two-head.ts';
import { openBackend } from '#workers/backend/open-backend.ts';
import { type Adapter, exact, numberOf, tensorOf } from '../case.ts';
import { extraChecks, integersOf, lossChecks, matrixOf } from './loss-checks.ts';

export const compareMagnet: Adapter = async (example) => {
  await openBackend('auto');
  const settings = { alpha: numberOf(example.params['alpha']) };
  const [clusters, labels] = [integersOf(example, 'clusters'), integersOf(example, 'classes')];
  const checks = await lossChecks(example, ['embeddings'], (raw) =>
    tf.mean(magnetLoss(raw, clusters, labels, settings).perSample),
  );
  const { variance } = magnetLoss(matrixOf(example, 'embeddings'), clusters, labels, settings);
  return [...checks, ...(await extraChecks(example, { variance }))];
};

export const compareClustering: Adapter = async (example) => {
  await openBackend('auto');
  const { params, expected } = example;
  const settings = {
    gamma: numberOf(params['gamma']),
    sweeps: numberOf(params['pamIterations']),
    average: params['nmiAverage'] as 'arithmetic' | 'geometric',
  };
  const labels = integersOf(example, 'labels');
  const classes = new Set(example.inputs['labels']!.data).size;
  const lossOf = (raw: tf.Tensor2D): ClusteringLoss => {
    const embeddings = params['normalizeEmbeddings'] === false ? raw : unitRows(raw);
    return clusteringLoss(embeddings, labels, settings, classes);
  };
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
  const { kernels } = await openBackend('auto');
  const { params } = example;
  const labels = integersOf(example, 'labels');
  const settings = {
    weight: numberOf(params['lambda']),
    margin: numberOf(params['margin']),
    mining: params['mining'] === 'batch-hard-all-anchors' ? ('hard' as const) : ('semi-hard' as const),
  };
  const least = numberOf(params['normalizeEpsilon']);
  const unit = (raw: tf.Tensor2D): tf.Tensor2D =>
    tf.mul(raw, tf.rsqrt(tf.maximum(tf.sum(tf.square(raw), 1, true), least)));
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
