import * as tf from '@tensorflow/tfjs-core';

export interface LogOfSumOptions {
  readonly axis: number;
  /** 1 where a value counts, 0 where not; of the values' shape. */
  readonly mask?: tf.Tensor;
  /** log(1 + sum) instead of log(sum). */
  readonly plusOne?: boolean;
}

/** Stands for the logarithm of an empty sum: so far down that every exponential of it is 0, and still finite. */
const NOTHING = -1e30;

/**
 * log of the sum of exp(values) over an axis, whatever their size. Where no value counts it is 0 with `plusOne`, else
 * -1e30; its gradient there is 0.
 */
export function logOfSum<T extends tf.Tensor>(values: tf.Tensor, options: LogOfSumOptions): T {
  const { axis, mask, plusOne = false } = options;
  const compute = tf.customGrad((values, save) => {
    const all = values as tf.Tensor;
    const counted = mask ? tf.add(tf.mul(all, mask), tf.mul(tf.sub(1, mask), NOTHING)) : all;
    const largest = tf.max(counted, axis, true);
    const highest = plusOne ? tf.relu(largest) : largest;
    const apart = tf.exp(tf.sub(counted, highest));
    const powers = mask ? tf.mul(apart, mask) : apart;
    const summed = tf.sum(powers, axis, true);
    // One term is exactly 1 unless no value counts.
    const total = plusOne ? tf.add(summed, tf.exp(tf.neg(highest))) : tf.maximum(summed, 1e-37);
    (save as tf.GradSaveFunc)([tf.div(powers, total)]);
    return {
      value: tf.squeeze(tf.add(highest, tf.log(total)), [axis]),
      gradFunc: (dy: tf.Tensor, [slope]: tf.Tensor[]) => tf.mul(tf.expandDims(dy, axis), slope as tf.Tensor),
    };
  });
  return compute(values) as T;
}
