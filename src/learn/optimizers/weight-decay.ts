import * as tf from '@tensorflow/tfjs-core';

/** Coupled weight decay: the gradient of decay/2 * |value|^2 is added before the optimiser sees it. */
export const addWeightDecay = (gradient: tf.Tensor, value: tf.Tensor, decay: number): tf.Tensor =>
  decay === 0 ? gradient : tf.add(gradient, tf.mul(value, decay));

/**
 * What decoupled weight decay takes from a value: rate * decay of it.
 * @param rate scalar
 */
export const decoupledDecay = (value: tf.Tensor, rate: tf.Tensor, decay: number): tf.Tensor =>
  tf.mul(value, tf.mul(rate, decay));
