import * as tf from '@tensorflow/tfjs-core';

/**
 * What a function makes, as a tensor that knows nothing of where it came from: no gradient passes, and what was needed
 * on the way is freed at once instead of being kept for the gradient. Masks, choices and figures are made in here.
 */
export const untaped = <T extends tf.Tensor>(make: () => T): T =>
  tf.tidy(() => {
    // Inside a custom gradient nothing is taped, and to the outside its result depends on the unused argument alone.
    const made: (unused: tf.Tensor) => T = tf.customGrad((unused) => ({
      value: tf.clone(make()), // never one of the tensors that the gradient knows
      gradFunc: () => tf.zerosLike(unused as tf.Tensor),
    }));
    return made(tf.scalar(0));
  });

/**
 * The same values, which no gradient passes. Whatever compares, sorts or chooses reads its tensors through this, or lies
 * in `untaped`: tfjs refuses the gradient of a loss where a comparison lies between input and result.
 */
export const constant = <T extends tf.Tensor>(x: T): T => untaped(() => x);

/** 1 where a value is above the bound, else 0; float32, no gradient. */
export const above = <T extends tf.Tensor>(x: T, bound: number | tf.Tensor): T =>
  untaped(() => tf.cast<T>(tf.greater(x, bound), 'float32'));
