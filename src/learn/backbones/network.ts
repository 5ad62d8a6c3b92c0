import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../backend/kernels.ts';

/** One convolution, its batch norm and its activation. */
export interface Unit {
  /** Name of the filter's array, e.g. `Conv1/kernel`. */
  readonly kernel: string;
  /** Name before `/gamma`, `/beta`, `/moving_mean` and `/moving_variance`. */
  readonly norm: string;
  /** [kh, kw, in, out], or [kh, kw, channels, 1] where depthwise. */
  readonly shape: readonly [number, number, number, number];
  readonly depthwise: boolean;
  readonly stride: number;
  readonly activation: Activation;
}

/** Units in sequence, with the block's input added to its output where `residual`. */
export interface Block {
  readonly units: readonly Unit[];
  readonly residual: boolean;
}

/** A convolutional network as data: training and inference walk it with their own way to run a unit. */
export interface Network {
  readonly blocks: readonly Block[];
  /** Channels of the last feature map. */
  readonly featureDim: number;
  readonly batchNormEpsilon: number;
  /** Input = pixel * scale + offset, pixels 0 to 255, RGB. */
  readonly input: { readonly scale: number; readonly offset: number };
}

export type RunUnit = (unit: Unit, x: tf.Tensor4D) => tf.Tensor4D;

export const channelsOf = (unit: Unit): number => unit.shape[unit.depthwise ? 2 : 3];

export const unitsOf = (network: Network): Unit[] => network.blocks.flatMap(({ units }) => units);

/**
 * Global average of the last feature map.
 *
 * @param images [batch, size, size, 3], values 0 to 255
 * @returns [batch, featureDim]
 */
export function pooledFeatures(network: Network, images: tf.Tensor4D, run: RunUnit): tf.Tensor2D {
  let x = tf.add<tf.Tensor4D>(tf.mul(images, network.input.scale), network.input.offset);
  for (const block of network.blocks) {
    const entry = x;
    for (const unit of block.units) x = run(unit, x);
    if (block.residual) x = tf.add(entry, x);
  }
  return tf.mean(x, [1, 2]);
}
