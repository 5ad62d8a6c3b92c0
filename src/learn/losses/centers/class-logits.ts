import * as tf from '@tensorflow/tfjs-core';
import { oneHotRows } from '../../backend/one-hot.ts';

/** scale * (similarity - margin * onehot(labels)). [batch, classes] */
export function classLogits(
  similarity: tf.Tensor2D,
  labels: tf.Tensor1D,
  { scale, margin }: { readonly scale: number; readonly margin: number },
): tf.Tensor2D {
  if (margin === 0) return tf.mul(similarity, scale);
  const own = tf.mul(oneHotRows(labels, similarity.shape[1]), scale * margin);
  return tf.sub(tf.mul(similarity, scale), own);
}
