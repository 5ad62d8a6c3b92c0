import type * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../random/counter-random.ts';
import { principalAxes } from './principal-axes.ts';
import { HEAD_BIAS, HEAD_KERNEL, type WeightArray } from './weights.ts';

export type HeadArrays = readonly (readonly [name: string, array: WeightArray])[];

/**
 * A head that projects on the principal axes of the given features, their mean moved to the origin.
 *
 * @param features [samples, featureDim] pooled features of training images
 */
export function headFromPrincipalAxes(features: tf.Tensor2D, dim: number, random: Random): HeadArrays {
  const featureDim = features.shape[1];
  const { axes, mean } = principalAxes(features, dim, random);
  const bias = new Float32Array(dim);
  for (let f = 0; f < featureDim; f++) {
    for (let k = 0; k < dim; k++) {
      bias[k] = (bias[k] as number) - (mean[f] as number) * (axes[f * dim + k] as number);
    }
  }
  return arrays(featureDim, dim, axes, bias);
}

/** A head as a linear layer starts by default: uniform in +-1/sqrt(featureDim). */
export function randomHead(featureDim: number, dim: number, random: Random): HeadArrays {
  const bound = 1 / Math.sqrt(featureDim);
  const uniform = (length: number): Float32Array =>
    Float32Array.from({ length }, () => (2 * random.next() - 1) * bound);
  return arrays(featureDim, dim, uniform(featureDim * dim), uniform(dim));
}

const arrays = (featureDim: number, dim: number, kernel: Float32Array, bias: Float32Array): HeadArrays => [
  [HEAD_KERNEL, { shape: [featureDim, dim], data: kernel }],
  [HEAD_BIAS, { shape: [dim], data: bias }],
];
