import * as tf from '@tensorflow/tfjs-core';

/**
 * The same values, as a tensor that knows nothing of where they came from. Whatever compares, sorts or chooses reads
 * its tensors through this: tfjs refuses the gradient of a loss where a comparison lies between input and result.
 */
export const constant = <T extends tf.Tensor>(x: T): T =>
  tf.tidy(() => {
    // Inside a custom gradient nothing is taped, and to the outside its result depends on the unused argument alone.
    const copied: (unused: tf.Tensor) => T = tf.customGrad((unused) => ({
      value: tf.clone(x),
      gradFunc: () => tf.zerosLike(unused as tf.Tensor),
    }));
    return copied(tf.scalar(0));
  });

/** 1 where a value is above the bound, else 0; float32, no gradient. */
export const above = <T extends tf.Tensor>(x: T, bound: number | tf.Tensor): T =>
  tf.cast<T>(tf.greater(constant(x), typeof bound === 'number' ? bound : constant(bound)), 'float32');
