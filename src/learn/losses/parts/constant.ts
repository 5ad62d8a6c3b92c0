import * as tf from '@tensorflow/tfjs-core';

/**
 * The same values, which no gradient passes. Whatever compares, sorts or chooses reads its tensors through this: tfjs
 * refuses the gradient of a loss in which a comparison lies between input and result.
 */
export const constant = tf.customGrad((x) => ({
  value: tf.clone(x as tf.Tensor),
  gradFunc: () => tf.zerosLike(x as tf.Tensor),
})) as <T extends tf.Tensor>(x: T) => T;

/** 1 where a value is above the bound, else 0; float32, no gradient. */
export const above = <T extends tf.Tensor>(x: T, bound: number | tf.Tensor): T =>
  tf.cast<T>(tf.greater(constant(x), typeof bound === 'number' ? bound : constant(bound)), 'float32');
