import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { largestIn } from '../../miners/batch/select-one.ts';
import { type MethodLoss, defineMethod } from '../method.ts';
import { constant } from '../parts/constant.ts';
import { dotProducts } from '../parts/distances.ts';
import { logOfSum } from '../parts/log-of-sum.ts';
import { pairMasks } from '../parts/pairs.ts';
import { meanOf, meanOfRows } from '../parts/reducers.ts';
import { meanSquaredLength, withLengthPenalty } from '../parts/regularizers.ts';

const schema = z.strictObject({
  embeddings: z.enum(['raw', 'unit']).default('raw').meta({
    title: 'Embeddings',
    description: 'As the head gives them, as in the paper, or scaled to unit length.',
  }),
});

/**
 * N-pairs over the batch: of each class its first image is an anchor and its second the positive; each anchor's softmax
 * over all positives should name its own. Sohn, "Improved Deep Metric Learning with Multi-class N-pair Loss Objective",
 * NIPS 2016, equation 7. Compares by dot products; classes of one image take no part.
 *
 * @param embeddings [batch, dim]
 * @param labels     int32 [batch]
 * @returns mean cross entropy of the classes' pairs, without the length penalty; the figure is the share of
 *   anchors that name their own positive
 */
export function nPairsLoss(embeddings: tf.Tensor2D, labels: tf.Tensor1D): MethodLoss {
  const { positive } = pairMasks(labels);
  const size = labels.shape[0];
  const places = tf.range(0, size, 1, 'int32');
  const before = tf.cast(tf.less(places, tf.expandDims(places, 1)), 'float32');
  const earlier = tf.sum(tf.mul(positive, before), 1); // images of its class before each
  const first = tf.cast<tf.Tensor1D>(tf.equal(earlier, 0), 'float32');
  const second = tf.cast<tf.Tensor1D>(tf.equal(earlier, 1), 'float32');
  const own = tf.mul<tf.Tensor2D>(positive, tf.mul(tf.expandDims(first, 1), tf.expandDims(second, 0)));
  const anchors = tf.sum<tf.Tensor2D>(own, 1, true); // [B, 1]
  const candidates = tf.mul<tf.Tensor2D>(tf.expandDims(second, 0), tf.ones([size, 1]));
  const dots = dotProducts(embeddings);
  const all = tf.expandDims(logOfSum(dots, { axis: 1, mask: candidates }), 1);
  const terms = { values: tf.sub(all, tf.sum(tf.mul(dots, own), 1, true)), mask: anchors };
  const named = tf.sum(tf.mul(largestIn(constant(dots), candidates), own), 1, true);
  return {
    value: meanOf(terms),
    perSample: meanOfRows(terms),
    figures: [meanOf({ values: named, mask: anchors })],
  };
}

/**
 * N-pairs over pairs that are given: mean cross entropy of anchor_i . positive_j with target j = i, shared equally among
 * the positives of one label, plus 0.25 * weight * (mean |anchor|^2 + mean |positive|^2).
 *
 * @param anchors   [pairs, dim]
 * @param positives [pairs, dim]
 * @param labels    int32 [pairs]
 */
export function anchorPositiveLoss(
  anchors: tf.Tensor2D,
  positives: tf.Tensor2D,
  labels: tf.Tensor1D,
  weight: number,
): tf.Scalar {
  const { negative } = pairMasks(labels);
  const same = tf.sub<tf.Tensor2D>(1, negative);
  const targets = tf.div(same, tf.sum(same, 1, true));
  const dots = dotProducts(anchors, positives);
  const all = logOfSum(dots, { axis: 1 });
  const entropy = tf.mean<tf.Scalar>(tf.sub(all, tf.sum(tf.mul(dots, targets), 1)));
  const lengths = tf.add(meanSquaredLength(anchors), meanSquaredLength(positives));
  return tf.add(entropy, tf.mul(lengths, 0.25 * weight));
}

export const nPairs = withLengthPenalty(
  defineMethod({
    id: 'n-pairs',
    title: 'N-pairs',
    summary: 'One pair of every class in the batch; each anchor must find its own among all positives.',
    source: 'Sohn, Improved Deep Metric Learning with Multi-class N-pair Loss Objective, NIPS 2016',
    family: 'pairs',
    formula: 'L = mean_i −log softmax_j(a_i·p_j)_i + λ mean |x|² / 2',
    // Not in the paper. Raw embeddings of a trained network are long, so the softmax starts out saturated: until the
    // embedding layer has shortened them, the network would be pulled apart.
    defaults: { sampler: 'per-class', imagesPerClass: 2, freezeBackboneSteps: 33 },
    schema,
    symbols: {},
    build: (settings) => ({
      parameters: [],
      figures: ['pairAccuracy'],
      loss: ({ embeddings, raw, labels }) =>
        nPairsLoss(settings.embeddings === 'raw' ? raw : embeddings, labels),
    }),
  }),
  0.002,
  { lambda: 'embeddingRegularizer' },
);
