import * as tf from '@tensorflow/tfjs-core';
import { BATCH_HARD, EASY_POSITIVE, mineEasyHard } from '../../miners/batch/easy-hard.ts';
import { mineSemiHardOrLargest } from '../../miners/batch/semi-hard-or-largest.ts';
import { mineTripletMargin } from '../../miners/batch/triplet-margin.ts';
import { tripletMask } from '../../miners/batch/triplet-mask.ts';
import { untaped } from './constant.ts';
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
 * Takes memory of B^3 numbers: 64 MB each at B = 256, of which a step holds up to 25.
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
  return untaped(() => chosenTriplets(mining, distances, masks, margin));
}

function chosenTriplets(
  mining: TripletMining,
  d: tf.Tensor2D,
  masks: PairMasks,
  margin: number,
): tf.Tensor3D {
  switch (mining) {
    case 'all':
      return tripletMask(masks);
    case 'hard':
      return mineTripletMargin(d, masks, { band: 'hard', margin });
    case 'semi-hard':
      return mineTripletMargin(d, masks, { band: 'semihard', margin });
    case 'semi-hard-or-largest':
      return mineSemiHardOrLargest(d, masks);
    case 'batch-hard':
      return tripletMask(mineEasyHard(d, masks, BATCH_HARD));
    case 'easy-positive':
      return tripletMask(mineEasyHard(d, masks, EASY_POSITIVE));
  }
}
