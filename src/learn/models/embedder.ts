import * as tf from '@tensorflow/tfjs-core';
import { convolution } from '../backend/composed.ts';
import type { Kernels } from '../backend/kernels.ts';
import {
  type Convolution,
  type Network,
  type Norm,
  type NormNames,
  channelsOf,
  weightedLayers,
} from '../backbones/network.ts';
import { type LayerRunner, featureMap } from '../backbones/run-network.ts';
import { unitRows } from '../losses/centers.ts';
import { foldNorm, frozenNorm, scaleAndShift } from './fold.ts';
import { globalAverage, headInput, headInputOf, headShapes, runHead } from './head-layers.ts';
import type { Forward } from './trainable.ts';
import { HEAD_KERNEL, type Weights, weightOf } from './weights.ts';

/** A network for inference: batch norm folded into the convolutions, each with bias and activation one kernel. */
export interface Embedder {
  readonly dim: number;
  /**
   * @param images [batch, size, size, 3], values 0 to 255
   * @returns [batch, dim], rows of unit length
   */
  embed(images: tf.Tensor4D): tf.Tensor2D;
  /** As `embed`, before the rows are scaled to unit length. */
  raw(images: tf.Tensor4D): tf.Tensor2D;
  /** What the head gets: pooled features. [batch, featureDim] */
  features(images: tf.Tensor4D): tf.Tensor2D;
  /** All that a method's classifier may read, in one pass: the same as in training. */
  forward(images: tf.Tensor4D): Forward;
  dispose(): void;
}

/**
 * With a head where `weights` has one (`head/kernel`, `head/bias`, layer norm and pooling as its arrays tell); else the
 * pooled features are the embedding.
 */
export function createEmbedder(network: Network, weights: Weights, kernels: Kernels): Embedder {
  const { runner, dispose } = foldedRunner(network, weights, kernels);
  const input = headInputOf(weights, network.featureDim);
  const dim = weights.get(HEAD_KERNEL)?.shape[1] ?? network.featureDim;
  const head = new Map<string, tf.Tensor>();
  if (weights.has(HEAD_KERNEL)) {
    for (const [name, shape] of headShapes(weights, network.featureDim, dim))
      head.set(name, tf.tensor(weightOf(weights, name, shape), shape));
  }
  const features = (images: tf.Tensor4D): tf.Tensor2D =>
    tf.tidy(() => headInput(featureMap(network, images, runner), input));
  const raw = (images: tf.Tensor4D): tf.Tensor2D =>
    tf.tidy(() => (head.size > 0 ? runHead(features(images), head) : features(images)));
  const forward = (images: tf.Tensor4D): Forward => {
    const map = featureMap(network, images, runner);
    const average = globalAverage(map);
    const taken = headInput(map, input, average);
    const headed = head.size > 0 ? runHead(taken, head) : taken;
    return { features: average, raw: headed, embeddings: unitRows(headed) };
  };
  return {
    dim,
    features,
    raw,
    forward,
    embed: (images) => tf.tidy(() => unitRows(raw(images))),
    dispose: () => {
      dispose();
      tf.dispose([...head.values()]);
    },
  };
}

/** Filter and bias of a convolution, which may have none; scale and shift of a norm. */
type Folded = tf.Tensor[];

function foldedRunner(
  network: Network,
  weights: Weights,
  kernels: Kernels,
): { readonly runner: LayerRunner; readonly dispose: () => void } {
  const folded = new Map<Convolution | Norm, Folded>();
  for (const layer of weightedLayers(network))
    folded.set(
      layer,
      tf.tidy(() => foldLayer(network, layer, weights)),
    );
  return {
    runner: {
      kernels,
      convolution: (layer, x) => {
        const [filter, bias] = folded.get(layer) as [tf.Tensor4D, tf.Tensor1D?];
        if (bias) return kernels.convolve(x, filter, bias, layer);
        return kernels.activate(convolution(x, filter, layer), layer.activation);
      },
      norm: (layer, x) => {
        const [scale, shift] = folded.get(layer) as [tf.Tensor1D, tf.Tensor1D];
        return kernels.activate(tf.add(tf.mul(x, scale), shift), layer.activation);
      },
    },
    dispose: () => {
      for (const arrays of folded.values()) tf.dispose(arrays);
    },
  };
}

function foldLayer(network: Network, layer: Convolution | Norm, weights: Weights): Folded {
  const vector = (name: string): tf.Tensor1D => tf.tensor1d(weightOf(weights, name, [channelsOf(layer)]));
  const frozen = ({ mean, variance }: NormNames) =>
    frozenNorm(vector(mean), vector(variance), network.batchNormEpsilon);
  if (layer.kind === 'norm') {
    const { gamma, beta } = layer.norm;
    const { scale, shift } = scaleAndShift(vector(gamma), vector(beta), frozen(layer.norm));
    return [scale, shift];
  }
  const filter = tf.tensor4d(weightOf(weights, layer.filter, layer.shape), [...layer.shape]);
  const bias = layer.bias === null ? null : vector(layer.bias);
  if (!layer.norm) return bias ? [filter, bias] : [filter];
  const { gamma, beta } = layer.norm;
  return foldNorm(filter, bias, vector(gamma), vector(beta), frozen(layer.norm), layer.depthwise);
}
