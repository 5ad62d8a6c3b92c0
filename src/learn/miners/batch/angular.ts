import * as tf from '@tensorflow/tfjs-core';
import { above, constant } from '../../losses/parts/constant.ts';
import type { PairMasks } from '../../losses/parts/pairs.ts';
import { tripletMask } from './triplet-mask.ts';

/**
 * Triplets whose negative sees anchor and positive under too wide an angle: atan(|a - p| / (2 |n - c|)) above the limit,
 * with c the middle of a and p. Wang et al., "Deep Metric Learning with Angular Loss", ICCV 2017, equation 3.
 *
 * @param squared      [batch, batch] squared Euclidean distances
 * @param pairs        all pairs of the batch, from `pairMasks`
 * @param angleDegrees above 0 and below 90
 * @returns [batch, batch, batch] by anchor, positive, negative; 1 or 0, without gradient
 */
export function mineAngular(squared: tf.Tensor2D, pairs: PairMasks, angleDegrees: number): tf.Tensor3D {
  const slope = Math.tan((angleDegrees * Math.PI) / 180);
  const d = constant(squared);
  const anchorPositive = tf.expandDims(d, 2);
  const anchorNegative = tf.expandDims(d, 1);
  // Row p of the symmetric matrix holds the distances from the positive.
  const positiveNegative = tf.expandDims(d, 0);
  // The median of a triangle: 4 |n - c|^2 = 2 |a - n|^2 + 2 |p - n|^2 - |a - p|^2.
  const medians = tf.sub(tf.mul(tf.add(anchorNegative, positiveNegative), 2), anchorPositive);
  const wide = above(anchorPositive, tf.mul(tf.relu(medians), slope * slope));
  return tf.mul(wide, tripletMask(pairs));
}
