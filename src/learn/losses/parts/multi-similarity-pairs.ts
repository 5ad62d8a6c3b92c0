import * as tf from '@tensorflow/tfjs-core';
import { above, constant } from './constant.ts';
import { FAR } from './log-sum-exp.ts';
import type { PairMasks } from './pairs.ts';

/**
 * Pairs worth learning from: of each row the positives less similar than its most similar negative + epsilon, and the
 * negatives more similar than its least similar positive - epsilon. Wang et al., "Multi-Similarity Loss", CVPR 2019,
 * equations 11 and 12.
 *
 * @param similarities [B, B]
 * @returns masks as `pairMasks`, without gradient
 */
export function selectSimilarPairs(
  similarities: tf.Tensor2D,
  { positive, negative }: PairMasks,
  epsilon: number,
): PairMasks {
  const s = constant(similarities);
  const outside = (mask: tf.Tensor2D): tf.Tensor => tf.mul(tf.sub(1, mask), FAR);
  const nearestNegative = tf.max(tf.sub(tf.mul(s, negative), outside(negative)), 1, true);
  const furthestPositive = tf.min(tf.add(tf.mul(s, positive), outside(positive)), 1, true);
  return {
    positive: tf.mul(positive, above(tf.sub(nearestNegative, tf.sub(s, epsilon)), 0)),
    negative: tf.mul(negative, above(tf.sub(tf.add(s, epsilon), furthestPositive), 0)),
  };
}
