import * as tf from '@tensorflow/tfjs-core';
import { type NmiAverage, agreement } from './agreement.ts';

/** What a search over medoids knows of the batch. Nothing here carries gradient. */
export interface Batch {
  /** [batch, batch] */
  readonly distances: tf.Tensor2D;
  /** [batch, batch] 1 where a sample (row) is of the class whose first sample is the column. */
  readonly classOf: tf.Tensor2D;
  readonly gamma: number;
  readonly average: NmiAverage;
}

/**
 * 1 - NMI of the clustering that each sample would make as one more medoid.
 *
 * @param takes    [candidates, batch], 1 where a candidate would take a sample over
 * @param assigned [batch, clusters], who has the samples otherwise
 * @returns [candidates]
 */
export function disagreements(
  takes: tf.Tensor2D,
  assigned: tf.Tensor2D,
  { classOf, average }: Batch,
): tf.Tensor1D {
  const [batch, clusters] = assigned.shape;
  // [batch, clusters * classes]: the cell of the contingency table in which a sample counts.
  const cells = tf.reshape(tf.mul(tf.expandDims(assigned, 2), tf.expandDims(classOf, 1)), [
    batch,
    clusters * batch,
  ]);
  const kept = tf.sub<tf.Tensor2D>(1, takes);
  const counts = tf.concat2d([tf.matMul(kept, cells), tf.matMul(takes, classOf)], 1);
  const sizes = tf.concat2d([tf.matMul(kept, assigned), tf.sum(takes, 1, true)], 1);
  return tf.sub(1, agreement(counts, sizes, tf.sum(classOf, 0), batch, average));
}

/** Rounding of a score, as a share of its size. Two samples that only take each other over are equal but for it. */
const ROUNDING = 1e-6;

/** The sample with the greatest score as a row of ones and zeros, the first of equals. @param scores [batch] */
export function bestOf(scores: tf.Tensor1D, allowed: tf.Tensor): tf.Tensor2D {
  const size = scores.shape[0];
  const open = tf.add(tf.mul(scores, allowed), tf.mul(tf.sub(allowed, 1), FAR));
  const places = tf.range(0, size, 1, 'float32');
  const greatest = tf.max(open);
  const enough = tf.sub(greatest, tf.mul(tf.add(tf.abs(greatest), 1), ROUNDING));
  const best = tf.cast(tf.greaterEqual(open, enough), 'float32');
  const first = tf.min(tf.add(tf.mul(best, places), tf.mul(tf.sub(1, best), size)));
  return tf.reshape(tf.mul(tf.cast(tf.equal(places, first), 'float32'), allowed), [1, size]);
}

/** Farther than any sample. */
export const FAR = 1e9;
