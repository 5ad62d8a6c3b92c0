import * as tf from '@tensorflow/tfjs-core';

/** Which pairs of a batch are of one class and which are not; 1 or 0. */
export interface PairMasks {
  /** [batch, batch], without the diagonal. */
  readonly positive: tf.Tensor2D;
  /** [batch, batch] */
  readonly negative: tf.Tensor2D;
}

/** @param labels int32 [batch] */
export function pairMasks(labels: tf.Tensor1D): PairMasks {
  const same = tf.cast<tf.Tensor2D>(tf.equal(tf.expandDims(labels, 1), tf.expandDims(labels, 0)), 'float32');
  return { positive: tf.sub(same, tf.eye(labels.shape[0])), negative: tf.sub(1, same) };
}
