import type * as tf from '@tensorflow/tfjs-core';
import type { Network } from '../backbones/network.ts';
import { lastSide } from '../backbones/shapes.ts';
import type { Random } from '../random/counter-random.ts';
import type { HeadNorm, Pooling } from './head-kinds.ts';
import { principalAxes } from './principal-axes.ts';
import {
  HEAD_BIAS,
  HEAD_KERNEL,
  HEAD_NORM_BETA,
  HEAD_NORM_GAMMA,
  HEAD_POOLING,
  type WeightArray,
} from './weights.ts';

export type HeadArrays = readonly (readonly [name: string, array: WeightArray])[];

/** Numbers that the head gets of one image. */
export function headInputs(network: Network, pooling: Pooling, size: number): number {
  if (pooling !== 'flatten') return network.featureDim;
  const { height, width } = lastSide(network, size);
  return height * width * network.featureDim;
}

/** Tells networks with these arrays how to pool. */
export const poolingArrays = (pooling: Pooling): HeadArrays =>
  pooling === 'average+max' ? [[HEAD_POOLING, { shape: [2], data: Float32Array.of(1, 1) }]] : [];

/** A layer norm as it starts: without effect of its own. */
export const headNormArrays = (norm: HeadNorm, dim: number): HeadArrays =>
  norm === 'none'
    ? []
    : [
        [HEAD_NORM_GAMMA, { shape: [dim], data: new Float32Array(dim).fill(1) }],
        [HEAD_NORM_BETA, { shape: [dim], data: new Float32Array(dim) }],
      ];

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

/** A head as a linear layer starts by default: uniform in +-1/sqrt(inputs). */
export function randomHead(inputs: number, dim: number, random: Random): HeadArrays {
  const bound = 1 / Math.sqrt(inputs);
  const uniform = (length: number): Float32Array =>
    Float32Array.from({ length }, () => (2 * random.next() - 1) * bound);
  return arrays(inputs, dim, uniform(inputs * dim), uniform(dim));
}

const arrays = (inputs: number, dim: number, kernel: Float32Array, bias: Float32Array): HeadArrays => [
  [HEAD_KERNEL, { shape: [inputs, dim], data: kernel }],
  [HEAD_BIAS, { shape: [dim], data: bias }],
];
