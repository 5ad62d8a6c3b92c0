import * as tf from '@tensorflow/tfjs-core';

/**
 * Weighted mean and population variance of all entries; 0 where all weights are 0.
 *
 * @param weights how often each entry occurs: whole numbers
 */
export function weightedMoments(
  values: tf.Tensor,
  weights: tf.Tensor,
): { readonly mean: tf.Scalar; readonly variance: tf.Scalar } {
  const total = tf.sum(weights);
  const shares = tf.div(weights, tf.maximum(total, 1));
  const mean = tf.sum<tf.Scalar>(tf.mul(values, shares));
  return { mean, variance: tf.sum(tf.mul(tf.square(tf.sub(values, mean)), shares)) };
}
