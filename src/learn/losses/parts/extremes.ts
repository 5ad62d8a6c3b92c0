import * as tf from '@tensorflow/tfjs-core';
import { constant } from './constant.ts';
import { FAR } from './log-sum-exp.ts';

/**
 * For each row (last axis) the one entry with the least value among those where the mask is 1; the smaller index of
 * equals; none where the mask is empty. No gradient.
 *
 * @returns of the mask's shape: 1 at the chosen entry, 0 elsewhere
 */
export function leastOf<T extends tf.Tensor>(values: T, mask: T): T {
  const size = mask.shape.at(-1) as number;
  const filled = tf.add(tf.mul(constant(values), mask), tf.mul(tf.sub(1, mask), FAR));
  const tied = tf.cast(tf.equal(filled, tf.min(filled, -1, true)), 'float32');
  // Not ArgMin: TensorFlow leaves open which of equal entries it names.
  const places = tf.range(0, size, 1, 'float32');
  const first = tf.min(tf.add(tf.mul(tied, places), tf.mul(tf.sub(1, tied), size)), -1, true);
  return tf.mul<T>(tf.cast(tf.equal(places, first), 'float32'), mask);
}

/** As `leastOf`, for the greatest value. */
export const greatestOf = <T extends tf.Tensor>(values: T, mask: T): T => leastOf<T>(tf.neg(values), mask);
