import * as tf from '@tensorflow/tfjs-core';
import { above, constant } from '../../losses/parts/constant.ts';
import type { PairMasks } from '../../losses/parts/pairs.ts';

/** Below and above every cosine, and finite. */
const NONE = 1e30;

/**
 * Pairs that are informative beside the others of their anchor: a positive that is less similar than the most similar
 * negative plus epsilon, and a negative that is more similar than the least similar positive minus epsilon. An anchor
 * without positives or without negatives has no pairs. Wang et al., "Multi-Similarity Loss", CVPR 2019, equations 11, 12.
 *
 * @param similarities [batch, batch], cosines in the paper
 * @param pairs        all pairs of the batch, from `pairMasks`
 * @returns the chosen pairs, [batch, batch] each, without gradient
 */
export function mineMultiSimilarity(
  similarities: tf.Tensor2D,
  { positive, negative }: PairMasks,
  epsilon = 0.1,
): PairMasks {
  const s = constant(similarities);
  const outside = (mask: tf.Tensor2D): tf.Tensor => tf.mul(tf.sub(1, mask), NONE);
  const leastPositive = tf.min(tf.add(tf.mul(s, positive), outside(positive)), 1, true);
  const mostNegative = tf.max(tf.sub(tf.mul(s, negative), outside(negative)), 1, true);
  return {
    positive: tf.mul(above(mostNegative, tf.sub(s, epsilon)), positive),
    negative: tf.mul(above(tf.add(s, epsilon), leastPositive), negative),
  };
}
