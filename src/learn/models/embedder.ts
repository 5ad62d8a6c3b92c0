import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../backend/kernels.ts';
import { type Network, type Unit, channelsOf, pooledFeatures, unitsOf } from '../backbones/network.ts';
import { unitRows } from '../losses/centers.ts';
import { foldNorm, frozenNorm } from './fold.ts';
import { HEAD_BIAS, HEAD_KERNEL, type Weights, normName, weightOf } from './weights.ts';

/** A network for inference: batch norm folded into the convolutions, each with bias and activation one kernel. */
export interface Embedder {
  readonly dim: number;
  /**
   * @param images [batch, size, size, 3], values 0 to 255
   * @returns [batch, dim], rows of unit length
   */
  embed(images: tf.Tensor4D): tf.Tensor2D;
  /** The pooled features before head and normalisation. [batch, featureDim] */
  features(images: tf.Tensor4D): tf.Tensor2D;
  dispose(): void;
}

/** With a head where `weights` has one (`head/kernel`, `head/bias`); else the pooled features are the embedding. */
export function createEmbedder(network: Network, weights: Weights, kernels: Kernels): Embedder {
  const units = new Map<Unit, [tf.Tensor4D, tf.Tensor1D]>();
  for (const unit of unitsOf(network))
    units.set(
      unit,
      tf.tidy(() => foldUnit(network, unit, weights)),
    );
  const headShape = weights.get(HEAD_KERNEL)?.shape;
  const dim = headShape?.[1] ?? network.featureDim;
  const head = headShape
    ? [
        tf.tensor2d(weightOf(weights, HEAD_KERNEL, headShape), [network.featureDim, dim]),
        tf.tensor1d(weightOf(weights, HEAD_BIAS, [dim])),
      ]
    : null;
  const features = (images: tf.Tensor4D): tf.Tensor2D =>
    tf.tidy(() =>
      pooledFeatures(network, images, (unit, x) => {
        const [filter, bias] = units.get(unit) as [tf.Tensor4D, tf.Tensor1D];
        return kernels.convolve(x, filter, bias, unit);
      }),
    );
  return {
    dim,
    features,
    embed: (images) =>
      tf.tidy(() => {
        const pooled = features(images);
        return unitRows(
          head ? tf.add(tf.matMul(pooled, head[0] as tf.Tensor2D), head[1] as tf.Tensor) : pooled,
        );
      }),
    dispose: () => {
      for (const folded of units.values()) tf.dispose(folded);
      if (head) tf.dispose(head);
    },
  };
}

function foldUnit(network: Network, unit: Unit, weights: Weights): [tf.Tensor4D, tf.Tensor1D] {
  const channels = channelsOf(unit);
  const vector = (field: Parameters<typeof normName>[1]): tf.Tensor1D =>
    tf.tensor1d(weightOf(weights, normName(unit, field), [channels]));
  const filter = tf.tensor4d(weightOf(weights, unit.kernel, unit.shape), [...unit.shape]);
  const norm = frozenNorm(vector('moving_mean'), vector('moving_variance'), network.batchNormEpsilon);
  return foldNorm(filter, vector('gamma'), vector('beta'), norm, unit.depthwise);
}
