import * as tf from '@tensorflow/tfjs-core';
import type { PairMasks } from '../../losses/parts/pairs.ts';

/**
 * Every anchor's positives beside every one of its negatives. With the masks of `pairMasks` these are all triplets of a
 * batch, with those of a miner the triplets that it chose.
 *
 * @returns [batch, batch, batch] by anchor, positive, negative; 1 or 0
 */
export const tripletMask = ({ positive, negative }: PairMasks): tf.Tensor3D =>
  tf.mul(tf.expandDims(positive, 2), tf.expandDims(negative, 1));
