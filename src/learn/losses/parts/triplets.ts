import * as tf from '@tensorflow/tfjs-core';
import { above, constant } from './constant.ts';
import { greatestOf, leastOf } from './extremes.ts';
import { anyOf } from './log-sum-exp.ts';
import type { PairMasks } from './pairs.ts';

/** Which triplets of a batch a loss learns from. */
export const TRIPLET_MININGS = [
  'semi-hard-or-largest',
  'semi-hard',
  'batch-hard',
  'easy-positive',
  'hard',
  'all',
] as const;
export type TripletMining = (typeof TRIPLET_MININGS)[number];

/** value[a, p] laid out over [anchor, positive, negative]. */
export const ofPositive = (values: tf.Tensor2D): tf.Tensor3D => tf.expandDims(values, 2);
/** value[a, n] laid out over [anchor, positive, negative]. */
export const ofNegative = (values: tf.Tensor2D): tf.Tensor3D => tf.expandDims(values, 1);

/** Every (anchor, positive, negative) of the batch. @returns [B, B, B], 1 or 0 */
export const allTriplets = ({ positive, negative }: PairMasks): tf.Tensor3D =>
  tf.mul(ofPositive(positive), ofNegative(negative));

/**
 * Triplets of a batch as a mask, with d the distance that the loss compares:
 *
 * - `all`: every one.
 * - `hard`: d(a,n) <= d(a,p).
 * - `semi-hard`: d(a,p) < d(a,n) <= d(a,p) + margin. Schroff et al., CVPR 2015.
 * - `semi-hard-or-largest`: for each (a,p) the nearest negative with d(a,n) > d(a,p); where there is none, the
 *   furthest negative. Taha et al., 2020, after TensorFlow's.
 * - `batch-hard`: for each anchor its furthest positive and its nearest negative. Hermans et al., 2017.
 * - `easy-positive`: for each anchor its nearest positive and the nearest negative beyond it, if any. Xuan et al., 2020.
 *
 * Takes memory of B^3 numbers: 64 MB each at B = 256, of which a step holds about ten.
 *
 * @param distances [B, B]
 * @returns [B, B, B] over (anchor, positive, negative): 1 or 0, without gradient
 */
export function selectTriplets(
  mining: TripletMining,
  distances: tf.Tensor2D,
  masks: PairMasks,
  margin: number,
): tf.Tensor3D {
  const d = constant(distances);
  const { positive, negative } = masks;
  switch (mining) {
    case 'all':
      return allTriplets(masks);
    case 'hard':
      return tf.mul(allTriplets(masks), tf.sub(1, above(gaps(d), 0)));
    case 'semi-hard': {
      const within = tf.sub(1, above(gaps(d), margin));
      return tf.mul(allTriplets(masks), tf.mul(above(gaps(d), 0), within));
    }
    case 'semi-hard-or-largest': {
      const beyond = tf.mul<tf.Tensor3D>(allTriplets(masks), above(gaps(d), 0));
      const nearest = leastOf(ofNegative(d), beyond);
      const furthest = allTriplets({ positive, negative: greatestOf(d, negative) });
      return tf.add(nearest, tf.mul(tf.sub(1, anyOf(beyond)), furthest));
    }
    case 'batch-hard':
      return allTriplets({ positive: greatestOf(d, positive), negative: leastOf(d, negative) });
    case 'easy-positive': {
      const nearest = leastOf(d, positive);
      const reach = tf.sum(tf.mul(nearest, d), 1, true); // [B, 1]
      const beyond = tf.mul<tf.Tensor2D>(negative, above(d, reach));
      return allTriplets({ positive: nearest, negative: leastOf(d, beyond) });
    }
  }
}

/** d(a,n) - d(a,p) over (anchor, positive, negative). */
const gaps = (distances: tf.Tensor2D): tf.Tensor3D => tf.sub(ofNegative(distances), ofPositive(distances));
