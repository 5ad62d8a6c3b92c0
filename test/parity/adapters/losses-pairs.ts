import * as tf from '@tensorflow/tfjs-core';
import { unitRows } from '#learn/losses/centers.ts';
import { circleLoss } from '#learn/losses/pairs/circle.ts';
import { contrastiveLoss, labelledPairsLoss } from '#learn/losses/pairs/contrastive.ts';
import { globalLoss } from '#learn/losses/triplets/global.ts';
import { liftedStructureLoss } from '#learn/losses/pairs/lifted-structure.ts';
import { marginLoss } from '#learn/losses/triplets/margin.ts';
import { multiSimilarityLoss } from '#learn/losses/pairs/multi-similarity.ts';
import { anchorPositiveLoss, nPairsLoss } from '#learn/losses/pairs/n-pairs.ts';
import { squaredRowDistances } from '#learn/losses/parts/distances.ts';
import { pairMasks } from '#learn/losses/parts/pairs.ts';
import type { TripletMining } from '#learn/losses/parts/triplets.ts';
import { tripletLoss } from '#learn/losses/triplets/triplet.ts';
import { tripletMask } from '#learn/miners/batch/triplet-mask.ts';
import { type Adapter, numberOf } from '../case.ts';
import { openParityBackend } from '../backend.ts';
import { type Arguments, compareGradients, intsOf } from './gradients.ts';

type Params = Readonly<Record<string, unknown>>;

/** An adapter for a loss of tensors by their names in the file. */
const adapterOf =
  (loss: (params: Params, x: Arguments, labels: tf.Tensor1D) => tf.Scalar): Adapter =>
  async (example) => {
    await openParityBackend();
    const { params, inputs } = example;
    const labels = intsOf(inputs['labels'] ?? inputs['same']!);
    return compareGradients(example, (x) => loss(params, x, labels));
  };

const embeddingsOf = (params: Params, x: Arguments, name = 'embeddings'): tf.Tensor2D => {
  const rows = x[name] as tf.Tensor2D;
  return params['normalizeEmbeddings'] === false ? rows : unitRows(rows);
};

const distanceOf = (params: Params): 'squared' | 'euclidean' =>
  params['squared'] === true ? 'squared' : 'euclidean';
const reductionOf = (params: Params): 'active' | 'all' =>
  params['reduction'] === 'nonzero-mean' ? 'active' : 'all';

export const compareContrastive = adapterOf((params, x, labels) => {
  if (params['variant'] === 'labelled-pairs') {
    const [anchors, others] = [x['anchors'] as tf.Tensor2D, x['others'] as tf.Tensor2D];
    return labelledPairsLoss(anchors, others, tf.cast(labels, 'float32'), numberOf(params['margin']));
  }
  return contrastiveLoss(embeddingsOf(params, x), labels, {
    form: 'linear',
    positiveMargin: numberOf(params['posMargin']),
    negativeMargin: numberOf(params['negMargin']),
    distance: distanceOf(params),
    reduction: reductionOf(params),
  }).value;
});

const MININGS: Readonly<Record<string, TripletMining>> = {
  all: 'all',
  'batch-hard': 'batch-hard',
  'semihard-all': 'semi-hard',
  'hard-all': 'hard',
  'semihard-or-largest': 'semi-hard-or-largest',
  'easy-positive-semihard-negative': 'easy-positive',
};

export const compareTriplet = adapterOf(
  (params, x, labels) =>
    tripletLoss(embeddingsOf(params, x), labels, {
      mining: MININGS[params['mining'] as string]!,
      margin: numberOf(params['margin']),
      distance: distanceOf(params),
      reduction: reductionOf(params),
      soft: params['smooth'] === true,
      swap: params['swap'] === true,
    }).value,
);

export const compareLiftedStructure = adapterOf(
  (params, x, labels) =>
    liftedStructureLoss(embeddingsOf(params, x), labels, {
      variant: params['variant'] === 'generalised' ? 'generalised' : 'lifted',
      margin: numberOf(params['negMargin'] ?? params['margin']),
      positiveMargin: numberOf(params['posMargin'] ?? 0),
    }).value,
);

export const compareNPairs = adapterOf((params, x, labels) => {
  if (params['variant'] === 'batch-labels') return nPairsLoss(embeddingsOf(params, x), labels).value;
  const [anchors, positives] = [x['anchors'] as tf.Tensor2D, x['positives'] as tf.Tensor2D];
  return anchorPositiveLoss(anchors, positives, labels, numberOf(params['regLambda']));
});

export const compareMargin = adapterOf((params, x, labels) => {
  const settings = { margin: numberOf(params['margin']), boundaryWeight: numberOf(params['nu']) };
  const triplets = tripletMask(pairMasks(labels));
  return marginLoss(embeddingsOf(params, x), labels, x['beta'] as tf.Tensor1D, triplets, settings).value;
});

export const compareMultiSimilarity = adapterOf(
  (params, x, labels) =>
    multiSimilarityLoss(embeddingsOf(params, x), labels, {
      positiveScale: numberOf(params['alpha']),
      negativeScale: numberOf(params['beta']),
      base: numberOf(params['base']),
      mining: params['minerEpsilon'] !== null,
      miningMargin: numberOf(params['minerEpsilon'] ?? 0),
    }).value,
);

export const compareCircle = adapterOf(
  (params, x, labels) =>
    circleLoss(embeddingsOf(params, x), labels, {
      margin: numberOf(params['m']),
      scale: numberOf(params['gamma']),
    }).value,
);

/** The reference gives triplets one by one. */
export const compareGlobal: Adapter = async (example) => {
  await openParityBackend();
  const { params } = example;
  return compareGradients(example, (x) => {
    const anchors = embeddingsOf(params, x, 'anchors');
    const [positives, negatives] = ['positives', 'negatives'].map((name) => {
      const values = squaredRowDistances(anchors, embeddingsOf(params, x, name));
      return { values, weights: tf.onesLike(values) };
    }) as [{ values: tf.Tensor1D; weights: tf.Tensor1D }, { values: tf.Tensor1D; weights: tf.Tensor1D }];
    const settings = { lambda: numberOf(params['lambda']), gap: numberOf(params['t']) };
    const { value } = globalLoss(positives, negatives, settings, numberOf(params['distanceScale']));
    if (params['loss'] !== 'triplet-plus-global') return value;
    const gap = tf.sub(positives.values, negatives.values);
    const hinges = tf.relu(tf.add(gap, numberOf(params['tripletMargin'])));
    return tf.add(tf.mean<tf.Scalar>(hinges), tf.mul(value, numberOf(params['globalWeight'])));
  });
};
