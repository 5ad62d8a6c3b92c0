import * as tf from '@tensorflow/tfjs-core';
import type { BuiltMethod } from '../losses/method.ts';

const IMAGES = 32;
const IMAGES_PER_CLASS = 4;

/**
 * The loss of a batch whose embeddings are all one point, under the arrays that the method begins with: where the loss
 * of a collapsed network stands. null for methods that have to see the training set first, or to whom such a batch means
 * nothing.
 */
export function collapsedLoss(
  method: BuiltMethod,
  {
    classes,
    dim,
    featureDim,
  }: { readonly classes: number; readonly dim: number; readonly featureDim: number },
): number | null {
  if (method.refresh) return null;
  const value = tf.tidy(() => {
    const row = tf.fill<tf.Rank.R2>([IMAGES, dim], 1 / Math.sqrt(dim));
    const labels = Array.from({ length: IMAGES }, (_, i) => Math.floor(i / IMAGES_PER_CLASS) % classes);
    const arrays = (all: readonly { readonly shape: readonly number[]; readonly initial: Float32Array }[]) =>
      all.map(({ shape, initial }) => tf.tensor(initial.slice(), [...shape], 'float32'));
    return method.loss({
      embeddings: row,
      raw: row,
      features: tf.zeros<tf.Rank.R2>([IMAGES, featureDim]),
      labels: tf.tensor1d(labels, 'int32'),
      trained: arrays(method.parameters),
      inputs: arrays(method.inputs ?? []),
    }).value;
  });
  const [loss] = value.dataSync<'float32'>();
  value.dispose();
  return loss !== undefined && Number.isFinite(loss) ? loss : null;
}
