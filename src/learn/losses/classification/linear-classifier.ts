import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../random/counter-random.ts';
import type { MethodParameter } from '../method.ts';

/** Kernel and bias of a linear layer to the classes, as such a layer starts by default; moved at the head's rate. */
export function classifierParameters(inputs: number, classes: number, random: Random): MethodParameter[] {
  const bound = 1 / Math.sqrt(inputs);
  const uniform = (length: number): Float32Array =>
    Float32Array.from({ length }, () => (2 * random.next() - 1) * bound);
  return [
    {
      name: 'classifier/kernel',
      shape: [inputs, classes],
      initial: uniform(inputs * classes),
      rate: 'head',
    },
    { name: 'classifier/bias', shape: [classes], initial: uniform(classes), rate: 'head' },
  ];
}

/** @param features [batch, inputs]. @returns [batch, classes] */
export const classifierLogits = (features: tf.Tensor2D, kernel: tf.Tensor, bias: tf.Tensor): tf.Tensor2D =>
  tf.add(tf.matMul(features, kernel), bias);

/** Share of rows whose greatest logit is that of their label. */
export const accuracyOf = (logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Scalar =>
  tf.mean(tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'float32'));
