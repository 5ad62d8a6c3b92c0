import * as tf from '@tensorflow/tfjs-core';
import type { PairMasks } from '../../losses/parts/pairs.ts';

/** Below and above every cosine, and finite. */
const NONE = 1e30;

/**
 * Pairs that are informative beside the others of their anchor: a positive that is less similar than the most similar
 * negative plus epsilon, and a negative that is more similar than the least similar positive minus epsilon. An anchor
 * without positives or without negatives has no pairs. Wang et al., "Multi-Similarity Loss", CVPR 2019, equations 8, 9.
 *
 * @param similarities [batch, batch], cosines in the paper
 * @param pairs        all pairs of the batch, from `pairMasks`
 */
export function mineMultiSimilarity(
  similarities: tf.Tensor2D,
  { positive, negative }: PairMasks,
  epsilon = 0.1,
): PairMasks {
  const outside = (mask: tf.Tensor2D): tf.Tensor => tf.mul(tf.sub(1, mask), NONE);
  const leastPositive = tf.min(tf.add(tf.mul(similarities, positive), outside(positive)), 1, true);
  const mostNegative = tf.max(tf.sub(tf.mul(similarities, negative), outside(negative)), 1, true);
  const hardPositive = tf.less(tf.sub(similarities, epsilon), mostNegative);
  const hardNegative = tf.greater(tf.add(similarities, epsilon), leastPositive);
  return {
    positive: tf.mul(tf.cast(hardPositive, 'float32'), positive),
    negative: tf.mul(tf.cast(hardNegative, 'float32'), negative),
  };
}
