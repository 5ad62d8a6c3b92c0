import * as tf from '@tensorflow/tfjs-core';
import { above, constant } from './constant.ts';
import { FAR, anyOf } from './log-sum-exp.ts';
import type { PairMasks } from './pairs.ts';
import { ofNegative, ofPositive } from './triplets.ts';

export interface DistanceWeightSettings {
  /** Negatives nearer than this are drawn as if they were there. */
  readonly cutoff: number;
  /** Negatives at this distance or beyond are never drawn. */
  readonly reach: number;
}

/**
 * Chances with which an anchor draws each negative: inverse to how many points of the unit sphere lie at its distance,
 * log w = (2 - n) log d - (n - 3)/2 log(1 - d^2/4). Wu et al., "Sampling Matters", ICCV 2017, section 4.2.
 *
 * @param distances [B, B] plain distances of unit vectors
 * @param dim n, the length of the vectors
 * @returns [B, B], each row's sum 1, or 0 where no negative is in reach; no gradient
 */
export function distanceWeights(
  distances: tf.Tensor2D,
  { negative }: PairMasks,
  dim: number,
  { cutoff, reach }: DistanceWeightSettings,
): tf.Tensor2D {
  const d = tf.maximum(constant(distances), cutoff);
  const admitted = tf.mul<tf.Tensor2D>(negative, tf.sub(1, tf.cast(tf.greaterEqual(d, reach), 'float32')));
  const inside = tf.maximum(tf.sub(1, tf.div(tf.square(d), 4)), 1e-8);
  const logs = tf.sub(tf.mul(tf.log(d), 2 - dim), tf.mul(tf.log(inside), (dim - 3) / 2));
  const any = anyOf(admitted);
  const top = tf.mul(tf.max(tf.sub(tf.mul(logs, admitted), tf.mul(tf.sub(1, admitted), FAR)), 1, true), any);
  const weights = tf.mul(tf.exp(tf.mul(tf.sub(logs, top), admitted)), admitted);
  return tf.div(weights, tf.add(tf.sum(weights, 1, true), tf.sub(1, any)));
}

/**
 * Draws one negative for every positive pair, by chance. An anchor's draws are evenly spaced from one random number, so
 * that each negative comes as often as its chance says, and no draw needs a random number of its own.
 *
 * @param chances [B, B], rows of sum 1 or 0
 * @param uniform [B], one random number in [0, 1) an anchor
 * @returns [B, B, B] over (anchor, positive, negative): 1 or 0, without gradient
 */
export function drawTriplets(
  chances: tf.Tensor2D,
  { positive }: PairMasks,
  uniform: tf.Tensor1D,
): tf.Tensor3D {
  const reached = tf.cumsum(chances, 1); // [B, B]
  const total = tf.max<tf.Tensor2D>(reached, 1, true); // [B, 1]
  const rank = tf.cumsum(positive, 1, true);
  const spread = tf.div(rank, tf.maximum(tf.sum(positive, 1, true), 1));
  const turned = tf.add(tf.expandDims(uniform, 1), spread);
  const aims = tf.mul<tf.Tensor2D>(tf.sub(turned, tf.floor(turned)), total); // [B, B] in [0, total)
  const passed = tf.cast<tf.Tensor3D>(tf.lessEqual(ofNegative(reached), ofPositive(aims)), 'float32');
  const chosen = tf.sum(passed, 2, true); // the place at which the sum of chances passes the aim
  const places = tf.range(0, chances.shape[0], 1, 'float32');
  const drawn = tf.cast<tf.Tensor3D>(tf.equal(places, chosen), 'float32');
  return tf.mul(drawn, tf.mul(ofPositive(positive), ofPositive(above(total, 0))));
}
