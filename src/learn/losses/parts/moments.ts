import * as tf from '@tensorflow/tfjs-core';

/** Weighted mean and population variance of all entries; 0 where all weights are 0. */
export function weightedMoments(
  values: tf.Tensor,
  weights: tf.Tensor,
): { readonly mean: tf.Scalar; readonly variance: tf.Scalar } {
  const total = tf.sum(weights);
  const shares = tf.divNoNan(weights, total);
  const mean = tf.sum<tf.Scalar>(tf.mul(values, shares));
  return { mean, variance: tf.sum(tf.mul(tf.square(tf.sub(values, mean)), shares)) };
}
