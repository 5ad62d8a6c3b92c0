import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { oneHotRows } from '../../backend/one-hot.ts';
import type { Kernels } from '../../backend/kernels.ts';
import { unitColumns } from '../centers.ts';
import { above } from '../parts/constant.ts';

/** Settings and terms that the softmax losses with a margin share. */
export const marginScale = z.number().gt(0).max(1000).default(64).meta({
  title: 'Scale (s)',
  description: 'Sharpness of the softmax over classes.',
});

export const marginDegrees = z.number().min(0).lt(180).default(28.6).meta({
  title: 'Angle margin (m)',
  description: 'In degrees: how much nearer in angle the own class must be than every other.',
});

/** From the cosine to the own class [batch] to the one that the softmax sees. */
export type OwnCosine = (cosine: tf.Tensor1D) => tf.Tensor1D;

/**
 * Softmax cross entropy of scaled cosines, that of the own class made harder.
 *
 * @param cosines [batch, classes]
 * @returns per-sample losses [batch]
 */
export function marginCrossEntropy(
  cosines: tf.Tensor2D,
  labels: tf.Tensor1D,
  scale: number,
  harder: OwnCosine,
  kernels: Pick<Kernels, 'softmaxCrossEntropy'>,
): tf.Tensor1D {
  const own = oneHotRows(labels, cosines.shape[1]);
  const cosine = tf.sum<tf.Tensor1D>(tf.mul(cosines, own), 1);
  const change = tf.sub(harder(cosine), cosine);
  const logits = tf.add<tf.Tensor2D>(cosines, tf.mul(own, tf.expandDims(change, 1)));
  return kernels.softmaxCrossEntropy(tf.mul(logits, scale), labels);
}

/** Cosines to every class's weights. @param weights [dim, classes], any length. @returns [batch, classes] */
export const classCosines = (embeddings: tf.Tensor2D, weights: tf.Tensor2D): tf.Tensor2D =>
  tf.matMul(embeddings, unitColumns(weights));

/** 1 - cos^2 under which an angle counts as 0 or 180 degrees: the slope of its sine would be past all bounds. */
const ALIGNED = 1e-7;

/** cos(angle + margin); past 180 degrees - margin, where that would rise again, cos(angle) - margin sin(margin). */
export function addAngle(degrees: number): OwnCosine {
  const margin = (degrees * Math.PI) / 180;
  return (cosine) => {
    const square = tf.sub(1, tf.square(cosine));
    const apart = above(square, ALIGNED);
    // Sines of 0 are moved to 1 before the root, whose slope there is finite, and are taken out after it.
    const sine = tf.mul(tf.sqrt(tf.add(tf.mul(square, apart), tf.sub(1, apart))), apart);
    const turned = tf.sub(tf.mul(cosine, Math.cos(margin)), tf.mul(sine, Math.sin(margin)));
    const inside = above(cosine, -Math.cos(margin));
    const beyond = tf.sub(cosine, margin * Math.sin(margin));
    return tf.add(tf.mul(turned, inside), tf.mul(beyond, tf.sub(1, inside)));
  };
}
