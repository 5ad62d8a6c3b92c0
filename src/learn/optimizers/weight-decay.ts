import * as tf from '@tensorflow/tfjs-core';

/** Coupled weight decay: the gradient of decay/2 * |parameter|^2 is added before the optimiser sees it. */
export const addWeightDecay = (gradient: tf.Tensor, parameter: tf.Tensor, decay: number): tf.Tensor =>
  decay === 0 ? gradient : tf.add(gradient, tf.mul(parameter, decay));
