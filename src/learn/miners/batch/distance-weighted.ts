import * as tf from '@tensorflow/tfjs-core';
import { constant } from '../../losses/parts/constant.ts';
import type { PairMasks } from '../../losses/parts/pairs.ts';

export interface DistanceWeights {
  /** Numbers in one embedding. */
  readonly dim: number;
  /** Smaller distances count as this one, else a few near negatives would always be drawn. */
  readonly cutoff: number;
  /** Negatives from here on are never drawn: the loss is 0 there. At most 2. */
  readonly nonzeroLossCutoff: number;
}

const FAR = 1e30;

/**
 * How likely each negative of an anchor is drawn: in inverse proportion to how many points of a sphere lie at its
 * distance, so that draws are spread evenly over distances.
 *
 *   log w = (2 - n) log d - (n - 3) / 2 log(1 - d^2 / 4)
 *
 * Wu et al., "Sampling Matters in Deep Embedding Learning", ICCV 2017, section 4.
 *
 * @param distances [batch, batch] between rows of unit length, not squared
 * @param pairs     all pairs of the batch, from `pairMasks`
 * @returns [batch, batch], rows that sum to 1, or to 0 for an anchor without a negative that may be drawn; no
 *   gradient
 */
export function negativeProbabilities(
  distances: tf.Tensor2D,
  { negative }: PairMasks,
  { dim, cutoff, nonzeroLossCutoff }: DistanceWeights,
): tf.Tensor2D {
  const raised = tf.maximum(constant(distances), cutoff);
  const allowed = tf.mul(tf.cast(tf.less(raised, nonzeroLossCutoff), 'float32'), negative);
  // Others are moved to where both logarithms are finite.
  const d = tf.add(tf.mul(raised, allowed), tf.sub(1, allowed));
  // Opposite ends of the sphere would have the logarithm of 0.
  const inside = tf.maximum(tf.sub(1, tf.mul(tf.square(d), 0.25)), 1e-8);
  const logWeights = tf.sub(tf.mul(tf.log(d), 2 - dim), tf.mul(tf.log(inside), (dim - 3) / 2));
  const largest = tf.max(tf.sub(tf.mul(logWeights, allowed), tf.mul(tf.sub(1, allowed), FAR)), 1, true);
  // Rows of nothing have -FAR for their largest; others' exponents are at most 0.
  const exponents = tf.minimum(tf.sub(logWeights, largest), 0);
  const weights = tf.mul(tf.exp(exponents), allowed);
  const sums = tf.sum(weights, 1, true);
  return tf.div(weights, tf.add(sums, tf.cast(tf.equal(sums, 0), 'float32')));
}

/**
 * Draws one negative for every pair of anchor and positive.
 *
 * @param probabilities [batch, batch] by anchor and negative, from `negativeProbabilities`
 * @param uniform       [batch, batch] by anchor and positive, 0 to 1: where in the summed probabilities the draw falls
 * @returns [batch, batch, batch] by anchor, positive, negative; 1 or 0, no triplet for anchors without a negative
 */
export function drawNegatives(
  probabilities: tf.Tensor2D,
  uniform: tf.Tensor2D,
  { positive }: PairMasks,
): tf.Tensor3D {
  const batch = probabilities.shape[0];
  const places = tf.range(0, batch, 1, 'float32');
  const summed = tf.cumsum(probabilities, 1);
  const passed = tf.sum(
    tf.cast(tf.lessEqual(tf.expandDims(summed, 1), tf.expandDims(uniform, 2)), 'float32'),
    2,
    true,
  );
  const possible = tf.cast(tf.greater(probabilities, 0), 'float32');
  // Rounding may leave the whole sum below a draw near 1.
  const last = tf.expandDims(tf.max(tf.mul(possible, places), 1, true), 2);
  const drawn = tf.cast(tf.equal(places, tf.minimum(passed, last)), 'float32');
  return tf.mul(tf.mul(drawn, tf.expandDims(possible, 1)), tf.expandDims(positive, 2));
}
