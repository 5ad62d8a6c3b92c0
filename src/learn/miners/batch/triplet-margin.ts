import * as tf from '@tensorflow/tfjs-core';
import { above, constant } from '../../losses/parts/constant.ts';
import type { PairMasks } from '../../losses/parts/pairs.ts';
import { tripletMask } from './triplet-mask.ts';

/**
 * By g = d(a,n) - d(a,p): `all` g <= margin, of these `hard` g <= 0 and `semihard` g > 0; `easy` g > margin, which the
 * triplet loss no longer sees.
 */
export type MarginBand = 'all' | 'hard' | 'semihard' | 'easy';

/**
 * The triplets of a batch whose gap between negative and positive lies in a band about the margin.
 *
 * @param distances [batch, batch]
 * @param pairs     all pairs of the batch, from `pairMasks`
 * @returns [batch, batch, batch] by anchor, positive, negative; 1 or 0, without gradient
 */
export function mineTripletMargin(
  distances: tf.Tensor2D,
  pairs: PairMasks,
  { band, margin }: { readonly band: MarginBand; readonly margin: number },
): tf.Tensor3D {
  const d = constant(distances);
  const gap = tf.sub<tf.Tensor3D>(tf.expandDims(d, 1), tf.expandDims(d, 2));
  const under = (limit: number): tf.Tensor3D => tf.sub(1, above(gap, limit));
  const inBand = {
    all: () => under(margin),
    hard: () => under(Math.min(0, margin)),
    semihard: () => tf.mul<tf.Tensor3D>(under(margin), above(gap, 0)),
    easy: () => above(gap, margin),
  }[band]();
  return tf.mul(inBand, tripletMask(pairs));
}
