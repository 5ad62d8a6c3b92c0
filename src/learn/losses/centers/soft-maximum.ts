import * as tf from '@tensorflow/tfjs-core';

/**
 * Mean of the last axis, weighted by its softmax at a temperature: sum_k p_k s_k with p = softmax(s / temperature).
 * Its slope in s_k is p_k (1 + (s_k - S) / temperature).
 *
 * Made of exponentials and not of the Softmax kernel, because TensorFlow rounds that one differently when a step is
 * recorded than when it runs operation by operation.
 *
 * @param values [batch, classes, K]
 * @returns [batch, classes]
 */
export function softMaximum(values: tf.Tensor3D, temperature: number): tf.Tensor2D {
  const weighted = tf.customGrad((values, save) => {
    const s = values as tf.Tensor;
    const powers = tf.exp(tf.div(tf.sub(s, tf.max(s, 2, true)), temperature));
    const weights = tf.div(powers, tf.sum(powers, 2, true));
    const value = tf.sum(tf.mul(weights, s), 2);
    (save as tf.GradSaveFunc)([s, weights, value]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [s, weights, value] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const slope = tf.mul(weights, tf.add(tf.div(tf.sub(s, tf.expandDims(value, 2)), temperature), 1));
      return tf.mul(tf.expandDims(dy, 2), slope);
    };
    return { value, gradFunc };
  });
  return weighted(values) as tf.Tensor2D;
}
