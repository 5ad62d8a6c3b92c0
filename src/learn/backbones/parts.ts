import type { Activation } from '../backend/kernels.ts';
import type { Padding } from '../backend/windows.ts';
import type { Layer, NormNames } from './network.ts';

/** Layers whose input channels are known, and how many channels they give. */
export interface Built {
  readonly layers: readonly Layer[];
  readonly channels: number;
}

/** A piece of a network that is complete as soon as it knows how many channels come in: rows of a table need not say it. */
export type Part = (channels: number) => Built;

export const identity: Part = (channels) => ({ layers: [], channels });

export const sequence =
  (...parts: readonly Part[]): Part =>
  (channels) => {
    const layers: Layer[] = [];
    for (const part of parts) {
      const built = part(channels);
      layers.push(...built.layers);
      channels = built.channels;
    }
    return { layers, channels };
  };

export const concat =
  (...branches: readonly Part[]): Part =>
  (channels) => {
    const built = branches.map((branch) => branch(channels));
    return {
      layers: [{ kind: 'concat', branches: built.map(({ layers }) => layers) }],
      channels: built.reduce((sum, branch) => sum + branch.channels, 0),
    };
  };

export const sum =
  (first: Part, second: Part, activation: Activation): Part =>
  (channels) => {
    const [a, b] = [first(channels), second(channels)];
    if (a.channels !== b.channels) throw new Error('branches of a sum differ in their channels');
    return {
      layers: [{ kind: 'sum', branches: [a.layers, b.layers], activation }],
      channels: a.channels,
    };
  };

export interface ConvolutionOptions {
  readonly stride?: number;
  readonly padding?: Padding;
  readonly activation?: Activation;
  readonly bias?: string | null;
}

/** Names of a convolution's arrays. */
export interface ConvolutionNames {
  readonly filter: string;
  readonly norm: NormNames | null;
}

/** @param size of the window: a side, or height and width */
export const convolution =
  (
    { filter, norm }: ConvolutionNames,
    size: number | readonly [number, number],
    out: number,
    { stride = 1, padding = 'same', activation = 'relu', bias = null }: ConvolutionOptions = {},
  ): Part =>
  (channels) => {
    const [height, width] = typeof size === 'number' ? [size, size] : size;
    const shape = [height, width, channels, out] as const;
    const depthwise = false;
    return {
      layers: [{ kind: 'convolution', filter, bias, norm, shape, depthwise, stride, padding, activation }],
      channels: out,
    };
  };

/** One filter a channel. */
export const depthwise =
  (
    { filter, norm }: ConvolutionNames,
    size: number,
    { stride = 1, padding = 'same', activation = 'relu6' }: Omit<ConvolutionOptions, 'bias'> = {},
  ): Part =>
  (channels) => ({
    layers: [
      {
        kind: 'convolution',
        filter,
        bias: null,
        norm,
        shape: [size, size, channels, 1],
        depthwise: true,
        stride,
        padding,
        activation,
      },
    ],
    channels,
  });

export const norm =
  (names: NormNames, activation: Activation): Part =>
  (channels) => ({ layers: [{ kind: 'norm', norm: names, channels, activation }], channels });

interface PoolOptions {
  readonly padding?: Padding;
  /** Of a max pool: a last window may reach over the end. */
  readonly ceil?: boolean;
  /** Of an average pool: what lies outside the image counts as 0, instead of not at all. */
  readonly countPadding?: boolean;
}

export const maxPool =
  (
    size: number,
    stride: number,
    { padding = 0, ceil = false }: Omit<PoolOptions, 'countPadding'> = {},
  ): Part =>
  (channels) => ({ layers: [{ kind: 'max-pool', size, stride, padding, ceil }], channels });

export const averagePool =
  (
    size: number,
    stride: number,
    { padding = 0, countPadding = true }: Omit<PoolOptions, 'ceil'> = {},
  ): Part =>
  (channels) => ({
    layers: [{ kind: 'average-pool', size, stride, padding, ceil: false, countPadding }],
    channels,
  });

export const torchNorm = (name: string): NormNames => ({
  gamma: `${name}.weight`,
  beta: `${name}.bias`,
  mean: `${name}.running_mean`,
  variance: `${name}.running_var`,
});

export const kerasNorm = (name: string): NormNames => ({
  gamma: `${name}/gamma`,
  beta: `${name}/beta`,
  mean: `${name}/moving_mean`,
  variance: `${name}/moving_variance`,
});
