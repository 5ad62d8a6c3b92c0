import * as tf from '@tensorflow/tfjs-core';

export type NmiAverage = 'arithmetic' | 'geometric';

/** An entropy below this is that of a single cluster; the least other one of a batch of 4,096 is 0.002. */
const SINGLE = 1e-4;

/** sum of n log n over all but the first `kept` axes; 0 log 0 is 0. */
function informationOf(counts: tf.Tensor, kept: number): tf.Tensor {
  const terms = tf.mul(counts, tf.log(tf.maximum(counts, 1)));
  return tf.sum(
    terms,
    Array.from({ length: counts.rank - kept }, (_, i) => kept + i),
  );
}

/**
 * Normalised mutual information of many clusterings with one labelling, from counts: 1 where both are a single cluster,
 * 0 where one of them is.
 *
 * @param counts  [clusterings, ...] images in each cell of the contingency tables
 * @param sizes   [clusterings, clusters] images in each cluster
 * @param labels  [classes] images in each class
 * @returns [clusterings]
 */
export function agreement(
  counts: tf.Tensor,
  sizes: tf.Tensor,
  labels: tf.Tensor,
  total: number,
  average: NmiAverage,
): tf.Tensor1D {
  const entropy = (information: tf.Tensor): tf.Tensor => tf.sub(Math.log(total), tf.div(information, total));
  const found = entropy(informationOf(sizes, 1)); // [clusterings]
  const given = entropy(informationOf(labels, 0));
  const mutual = tf.sub(tf.add(found, given), entropy(informationOf(counts, 1)));
  const mean =
    average === 'arithmetic' ? tf.div(tf.add(found, given), 2) : tf.sqrt(tf.relu(tf.mul(found, given)));
  const several = (information: tf.Tensor): tf.Tensor => tf.cast(tf.greater(information, SINGLE), 'float32');
  const both = tf.mul(several(found), several(given));
  const neither = tf.mul(tf.sub(1, several(found)), tf.sub(1, several(given)));
  return tf.add(tf.mul(tf.div(mutual, tf.maximum(mean, SINGLE)), both), neither);
}
