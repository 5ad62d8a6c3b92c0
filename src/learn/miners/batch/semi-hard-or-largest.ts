import * as tf from '@tensorflow/tfjs-core';
import { above, constant } from '../../losses/parts/constant.ts';
import type { PairMasks } from '../../losses/parts/pairs.ts';
import { hasAny, largestIn, smallestIn } from './select-one.ts';

/**
 * For every pair of anchor and positive one negative: the nearest that is farther away than the positive, or, where none
 * is, the farthest of all. Schroff et al., "FaceNet", CVPR 2015, as TensorFlow's semi-hard triplet loss completes it.
 * Equal distances go to the smaller index.
 *
 * @param distances [batch, batch]; any that grow with distance will do
 * @param pairs     all pairs of the batch, from `pairMasks`
 * @returns [batch, batch, batch] by anchor, positive, negative; 1 or 0, without gradient
 */
export function mineSemiHardOrLargest(distances: tf.Tensor2D, pairs: PairMasks): tf.Tensor3D {
  const d = constant(distances);
  const toNegative = tf.expandDims(d, 1);
  const negative = tf.expandDims(pairs.negative, 1);
  const farther = above(tf.sub(toNegative, tf.expandDims(d, 2)), 0);
  const beyond: tf.Tensor3D = smallestIn(toNegative, tf.mul(farther, negative));
  const farthest = tf.expandDims(largestIn(d, pairs.negative), 1);
  const chosen = tf.add(beyond, tf.mul(tf.sub(1, hasAny(beyond)), farthest));
  return tf.mul(chosen, tf.expandDims(pairs.positive, 2));
}
