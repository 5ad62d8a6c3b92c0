import { type Network, channelsOf, weightedLayers } from '../backbones/network.ts';

/** An array of a network by name. */
export interface WeightArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
export type Weights = ReadonlyMap<string, WeightArray>;

export const HEAD_KERNEL = 'head/kernel';
export const HEAD_BIAS = 'head/bias';

/** Shares [2] of the average and of the largest value in what the head gets; the average alone where left out. */
export const HEAD_POOLING = 'head/pooling';
/** Of the head's layer norm [dim], where it has one. */
export const HEAD_NORM_GAMMA = 'head/norm/gamma';
export const HEAD_NORM_BETA = 'head/norm/beta';

/**
 * How the array lies in its framework's files: torch's filters are [out, in, kh, kw] and [channels, 1, kh, kw], Keras's
 * are ours; vectors are vectors.
 */
export type SourceLayout = 'torch-conv' | 'torch-depthwise' | 'keras' | 'vector';

export interface WeightShape {
  /** As the framework has it. */
  readonly name: string;
  /** Ours: filters are [kh, kw, in, out], or [kh, kw, channels, 1]. */
  readonly shape: number[];
  readonly layout: SourceLayout;
  /** Moved by training; else a batch norm's running statistic. */
  readonly trained: boolean;
}

/** Names and shapes of every array that a network needs, in order. */
export function weightShapes(network: Network): WeightShape[] {
  return weightedLayers(network).flatMap((layer) => {
    const arrays: WeightShape[] = [];
    const vector = (name: string, trained = true): void => {
      arrays.push({ name, shape: [channelsOf(layer)], layout: 'vector', trained });
    };
    if (layer.kind === 'convolution') {
      const torch = layer.depthwise ? 'torch-depthwise' : 'torch-conv';
      const layout = network.framework === 'torch' ? torch : 'keras';
      arrays.push({ name: layer.filter, shape: [...layer.shape], layout, trained: true });
      if (layer.bias !== null) vector(layer.bias);
    }
    if (layer.norm) {
      vector(layer.norm.gamma);
      vector(layer.norm.beta);
      vector(layer.norm.mean, false);
      vector(layer.norm.variance, false);
    }
    return arrays;
  });
}

/** The array of that name. @throws Error naming what is missing or has another shape */
export function weightOf(weights: Weights, name: string, shape: readonly number[]): Float32Array {
  const found = weights.get(name);
  if (!found) throw new Error(`The weights have no array "${name}": they are not those of this network.`);
  if (found.shape.join() !== shape.join()) {
    throw new Error(`The array "${name}" has shape [${found.shape.join(', ')}], not [${shape.join(', ')}].`);
  }
  return found.data;
}
