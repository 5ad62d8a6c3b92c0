import * as tf from '@tensorflow/tfjs-core';
import { constant } from './constant.ts';

/** Beyond every value that a loss meets, and finite, so that it can be multiplied by 0. */
export const FAR = 3e38;

/** 1 for each row (last axis) in which the mask has an entry, the axis kept. @returns [..., 1] */
export const anyOf = <T extends tf.Tensor>(mask: T): T => tf.max<T>(mask, -1, true);

/**
 * log of the sum of exp over the last axis, of the entries where the mask is 1; 0, with slope 0, for a row without any.
 *
 * @returns [..., 1]
 */
export function logSumExp<T extends tf.Tensor>(values: T, mask: T): T {
  const any = anyOf(mask);
  const filled = tf.sub(tf.mul(constant(values), mask), tf.mul(tf.sub(1, mask), FAR));
  const top = tf.mul(tf.max(filled, -1, true), any);
  // Entries outside the mask are moved to 0 before exp, which could overflow there, and are taken out after it.
  const powers = tf.mul(tf.exp(tf.mul(tf.sub(values, top), mask)), mask);
  const total = tf.add(tf.sum(powers, -1, true), tf.sub(1, any));
  return tf.add<T>(tf.log(total), top);
}
