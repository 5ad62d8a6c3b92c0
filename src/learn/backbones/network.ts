import type { Activation } from '../backend/kernels.ts';
import type { Padding } from '../backend/windows.ts';

/** Names of a batch norm's four arrays, as its framework has them. */
export interface NormNames {
  readonly gamma: string;
  readonly beta: string;
  readonly mean: string;
  readonly variance: string;
}

/** A convolution with the batch norm and the activation that follow it: one kernel where the norm is frozen. */
export interface Convolution {
  readonly kind: 'convolution';
  /** Name of the filter's array, e.g. `layer1.0.conv1.weight`. */
  readonly filter: string;
  readonly bias: string | null;
  readonly norm: NormNames | null;
  /** [kh, kw, in, out], or [kh, kw, channels, 1] where depthwise. */
  readonly shape: readonly [number, number, number, number];
  readonly depthwise: boolean;
  readonly stride: number;
  readonly padding: Padding;
  readonly activation: Activation;
}

/** A batch norm that no convolution goes before, with its activation. */
export interface Norm {
  readonly kind: 'norm';
  readonly norm: NormNames;
  readonly channels: number;
  readonly activation: Activation;
}

/** Largest value of square windows, of an image without negative values: what lies outside counts as 0. */
export interface MaxPool {
  readonly kind: 'max-pool';
  readonly size: number;
  readonly stride: number;
  readonly padding: Padding;
  readonly ceil: boolean;
}

export interface AveragePool {
  readonly kind: 'average-pool';
  readonly size: number;
  readonly stride: number;
  readonly padding: Padding;
  readonly ceil: boolean;
  readonly countPadding: boolean;
}

/** Each branch gets the same input; their outputs stand side by side as channels. An empty branch is the input. */
export interface Concat {
  readonly kind: 'concat';
  readonly branches: readonly (readonly Layer[])[];
}

/** Two branches added, the first one's values then the second one's. An empty branch is the input. */
export interface Sum {
  readonly kind: 'sum';
  readonly branches: readonly [readonly Layer[], readonly Layer[]];
  readonly activation: Activation;
}

export type Layer = Convolution | Norm | MaxPool | AveragePool | Concat | Sum;

/** Layers in sequence under the name of the paper's table: what is frozen is frozen by stages. */
export interface Stage {
  readonly name: string;
  readonly layers: readonly Layer[];
}

/** What the network was trained to see: input = pixel * scale + offset for pixels 0 to 255, one number or one a channel. */
export interface PixelScaling {
  readonly order: 'rgb' | 'bgr';
  /** In the order of the channels that the network gets. */
  readonly scale: number | readonly [number, number, number];
  readonly offset: number | readonly [number, number, number];
}

/** A convolutional network as data: training and inference walk it, each with its own way to run a layer. */
export interface Network {
  readonly stages: readonly Stage[];
  /** Channels of the last feature map. */
  readonly featureDim: number;
  readonly batchNormEpsilon: number;
  readonly input: PixelScaling;
  /** How its framework lays out the arrays that `weightShapes` names. */
  readonly framework: 'torch' | 'keras';
  /** Arrays of the published files that begin with these names belong to classifiers, which are left out. */
  readonly classifiers: readonly string[];
}

/** Layers that have arrays. */
export type WeightedLayer = Convolution | Norm;

export const channelsOf = (layer: WeightedLayer): number =>
  layer.kind === 'norm' ? layer.channels : layer.shape[layer.depthwise ? 2 : 3];

export const weightedLayers = (network: Network): WeightedLayer[] =>
  network.stages.flatMap(({ layers }) => weightedOf(layers));

export function weightedOf(layers: readonly Layer[]): WeightedLayer[] {
  return layers.flatMap((layer) => {
    if (layer.kind === 'concat' || layer.kind === 'sum') return layer.branches.flatMap(weightedOf);
    return layer.kind === 'convolution' || layer.kind === 'norm' ? [layer] : [];
  });
}
