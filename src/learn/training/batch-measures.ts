import * as tf from '@tensorflow/tfjs-core';
import { distances } from '../losses/parts/distances.ts';
import { pairMasks } from '../losses/parts/pairs.ts';

/** What a batch's embeddings tell, whatever the method; in the order of `BATCH_MEASURES`. */
export const BATCH_MEASURES = [
  'embeddingSpread',
  'meanPositiveDistance',
  'meanNegativeDistance',
] as const satisfies string[];

/** Stands for a mean of no pairs: no distance is below 0. */
export const NO_PAIRS = -1;

/**
 * @param embeddings [batch, dim], rows of unit length
 * @param labels     int32 [batch]
 */
export function batchMeasures(embeddings: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar[] {
  const apart = distances(embeddings);
  const { positive, negative } = pairMasks(labels);
  return [embeddingSpread(embeddings), meanWhere(apart, positive), meanWhere(apart, negative)];
}

/** 0 where all embeddings are the same, near 1 where they point everywhere: 1 - |mean embedding|^2. */
const embeddingSpread = (embeddings: tf.Tensor2D): tf.Scalar =>
  tf.sub(1, tf.sum(tf.square(tf.mean(embeddings, 0))));

function meanWhere(values: tf.Tensor2D, mask: tf.Tensor2D): tf.Scalar {
  const count = tf.sum(mask);
  const mean = tf.div(tf.sum(tf.mul(values, mask)), tf.maximum(count, 1));
  // Without a pair the sum is 0, so that this is NO_PAIRS.
  return tf.add<tf.Scalar>(mean, tf.mul(tf.cast(tf.equal(count, 0), 'float32'), NO_PAIRS));
}
