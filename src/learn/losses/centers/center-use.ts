import * as tf from '@tensorflow/tfjs-core';
import { oneHotRows } from '../../backend/one-hot.ts';
import { smallestIn } from '../../miners/batch/select-one.ts';
import { unitColumns } from '../centers.ts';
import type { MethodBatch, MethodParameter } from '../method.ts';

/** Weight of one sample in the running shares of its class: about the last ten count. */
const MEMORY = 0.2;
/** A centre with less than this had none of about the last fourteen samples of its class. */
const DEAD = 0.01;

/** For each centre the share of its class's latest samples that are nearest to it; no gradient moves it. */
export const centerShares = (classes: number, perClass: number): MethodParameter => ({
  name: 'centerShares',
  shape: [classes, perClass],
  initial: new Float32Array(classes * perClass).fill(1 / perClass),
  rate: 'none',
});

/**
 * The shares after a batch. Classes without a sample in it keep theirs.
 *
 * @param centers [dim, classes * K], column = class * K + k, any length
 * @param shares  [classes, K]
 */
export function movedShares(
  { embeddings, labels }: Pick<MethodBatch, 'embeddings' | 'labels'>,
  centers: tf.Tensor2D,
  shares: tf.Tensor2D,
): tf.Tensor2D {
  const [classes, perClass] = shares.shape;
  const own = oneHotRows(labels, classes); // [batch, classes]
  const all = tf.reshape(tf.matMul(embeddings, unitColumns(centers)), [-1, classes, perClass]);
  const similarity = tf.sum<tf.Tensor2D>(tf.mul(all, tf.expandDims(own, 2)), 1); // [batch, K]
  const nearest = smallestIn(tf.neg(similarity), tf.onesLike(similarity));
  const samples = tf.expandDims(tf.sum(own, 0), 1); // [classes, 1]
  const kept = tf.exp(tf.mul(samples, Math.log(1 - MEMORY)));
  const hits = tf.div(tf.matMul(own, nearest, true), tf.maximum(samples, 1)); // [classes, K]
  return tf.add(tf.mul(shares, kept), tf.mul(hits, tf.sub(1, kept)));
}

/** Share of the centres that samples of their class are still nearest to. @param shares [classes, K] */
export const centerUtilization = (shares: Float32Array): number =>
  shares.reduce((used, share) => used + (share >= DEAD ? 1 : 0), 0) / Math.max(1, shares.length);
