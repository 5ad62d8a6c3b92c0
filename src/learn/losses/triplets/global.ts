import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { type MethodLoss, defineMethod } from '../method.ts';
import { squaredDistances } from '../parts/distances.ts';
import { weightedMoments } from '../parts/moments.ts';
import { type PairMasks, pairMasks } from '../parts/pairs.ts';

/** Settings of the global loss, wherever it takes part. */
export const globalSettings = {
  lambda: z.number().min(0).max(1000).default(0.8).meta({
    title: 'Weight of the means (λ)',
    description: 'How much the gap of the mean distances counts beside their spread.',
  }),
  gap: z.number().min(0).max(4).default(0.4).meta({
    title: 'Gap (t)',
    description:
      'How much greater the mean distance of negatives should be, in quarters of squared distances.',
  }),
};
const schema = z.strictObject(globalSettings);

/** Distances of triplets, and how often each occurs; of any shape. */
interface Occurring {
  readonly values: tf.Tensor;
  readonly weights: tf.Tensor;
}

/** Squared distances of unit vectors run from 0 to 4; the paper's from 0 to 1. */
const QUARTER = 0.25;

/**
 * Global loss: the distances of positives and of negatives should each spread little, and their means lie apart.
 * Kumar et al., "Learning Local Image Descriptors with Deep Siamese and Triplet Convolutional Networks by Minimising
 * Global Loss Functions", CVPR 2016, equation 5. Variances divide by the number of distances.
 *
 *   paper    parameter   default
 *   lambda   lambda      0.8
 *   t        gap         0.4
 *
 *   var(d+) + var(d-) + lambda [mean(d+) - mean(d-) + t]_+, d = scale * squared distance
 *
 * @param positives squared distances anchor to positive, one a triplet
 * @param negatives squared distances anchor to negative, one a triplet
 * @returns 0 where there is no triplet; the figures are the variances of d+ and d-
 */
export function globalLoss(
  positives: Occurring,
  negatives: Occurring,
  { lambda, gap }: z.infer<typeof schema>,
  scale = QUARTER,
): MethodLoss {
  const near = weightedMoments(tf.mul(positives.values, scale), positives.weights);
  const far = weightedMoments(tf.mul(negatives.values, scale), negatives.weights);
  const any = tf.minimum(tf.sum(positives.weights), 1);
  const hinge = tf.mul(tf.relu(tf.add(tf.sub(near.mean, far.mean), gap)), any);
  const value = tf.add<tf.Scalar>(tf.add(near.variance, far.variance), tf.mul(hinge, lambda));
  return { value, figures: [near.variance, far.variance] };
}

/**
 * The global loss over all triplets of a batch. In a triplet of each an anchor's positive occurs once for every negative
 * of the anchor, and a negative once for every positive.
 *
 * @param squares [batch, batch], squared distances
 */
export function globalLossOfBatch(
  squares: tf.Tensor2D,
  { positive, negative }: PairMasks,
  settings: z.infer<typeof schema>,
): MethodLoss {
  return globalLoss(
    { values: squares, weights: tf.mul(positive, tf.sum(negative, 1, true)) },
    { values: squares, weights: tf.mul(negative, tf.sum(positive, 1, true)) },
    settings,
  );
}

export const global = defineMethod({
  id: 'global',
  title: 'Global',
  summary: 'Distances within and between classes should each spread little and lie apart on the mean.',
  source: 'Kumar, Carneiro and Reid, Learning Local Image Descriptors by Minimising Global Loss, CVPR 2016',
  family: 'triplets',
  formula: 'L = var(d⁺) + var(d⁻) + λ [mean(d⁺) − mean(d⁻) + t]₊, d = |x − y|² / 4',
  defaults: { sampler: 'per-class', imagesPerClass: 4 },
  schema,
  symbols: { t: 'gap' },
  build: (settings) => ({
    parameters: [],
    figures: ['positiveVariance', 'negativeVariance'],
    loss: ({ embeddings, labels }) =>
      globalLossOfBatch(squaredDistances(embeddings), pairMasks(labels), settings),
  }),
});
