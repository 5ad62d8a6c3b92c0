import * as tf from '@tensorflow/tfjs-core';
import { averagePool } from '../backend/average-pool.ts';
import type { Kernels } from '../backend/kernels.ts';
import type { Convolution, Layer, Network, Norm, PixelScaling } from './network.ts';

/** How the layers that have arrays are run: training and inference differ in nothing else. */
export interface LayerRunner {
  readonly kernels: Pick<Kernels, 'activate' | 'maxPool'>;
  convolution(layer: Convolution, x: tf.Tensor4D): tf.Tensor4D;
  norm(layer: Norm, x: tf.Tensor4D): tf.Tensor4D;
}

/**
 * The last feature map.
 *
 * @param images [batch, size, size, 3], RGB values 0 to 255
 * @returns [batch, height, width, featureDim]
 */
export function featureMap(network: Network, images: tf.Tensor4D, run: LayerRunner): tf.Tensor4D {
  let x = scaledPixels(images, network.input);
  for (const { layers } of network.stages) x = runLayers(layers, x, run);
  return x;
}

function runLayers(layers: readonly Layer[], x: tf.Tensor4D, run: LayerRunner): tf.Tensor4D {
  for (const layer of layers) x = runLayer(layer, x, run);
  return x;
}

function runLayer(layer: Layer, x: tf.Tensor4D, run: LayerRunner): tf.Tensor4D {
  switch (layer.kind) {
    case 'convolution':
      return run.convolution(layer, x);
    case 'norm':
      return run.norm(layer, x);
    case 'max-pool':
      return run.kernels.maxPool(x, layer);
    case 'average-pool':
      return averagePool(x, layer);
    case 'concat':
      return tf.concat(
        layer.branches.map((branch) => runLayers(branch, x, run)),
        3,
      );
    case 'sum': {
      const [first, second] = layer.branches;
      const added = tf.add<tf.Tensor4D>(runLayers(first, x, run), runLayers(second, x, run));
      return run.kernels.activate(added, layer.activation);
    }
  }
}

function scaledPixels(images: tf.Tensor4D, { order, scale, offset }: PixelScaling): tf.Tensor4D {
  const ordered = order === 'bgr' ? tf.reverse(images, 3) : images;
  const factor = typeof scale === 'number' ? scale : tf.tensor1d([...scale]);
  const scaled = scale === 1 ? ordered : tf.mul(ordered, factor);
  return tf.add(scaled, typeof offset === 'number' ? offset : tf.tensor1d([...offset]));
}
