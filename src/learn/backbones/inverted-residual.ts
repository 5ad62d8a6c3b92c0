import {
  type ConvolutionNames,
  type Part,
  convolution,
  depthwise,
  identity,
  sequence,
  sum,
} from './parts.ts';

/** Rows of a table of inverted residuals: expansion, output channels, repeats, stride of the first, window. */
export type InvertedRow = readonly [
  expansion: number,
  channels: number,
  repeats: number,
  stride: number,
  size: number,
];

/** Table 2 of "MobileNetV2: Inverted Residuals and Linear Bottlenecks". */
export const MOBILENET_V2: readonly InvertedRow[] = [
  [1, 16, 1, 1, 3],
  [6, 24, 2, 2, 3],
  [6, 32, 3, 2, 3],
  [6, 64, 4, 2, 3],
  [6, 96, 3, 1, 3],
  [6, 160, 3, 2, 3],
  [6, 320, 1, 1, 3],
];

/** Names of a block's convolutions; there is none to widen the channels where the expansion is 1. */
export interface InvertedNames {
  readonly expand: ConvolutionNames | null;
  readonly depthwise: ConvolutionNames;
  readonly project: ConvolutionNames;
}

export interface InvertedBlock {
  readonly names: InvertedNames;
  readonly size: number;
  readonly expansion: number;
  readonly out: number;
  readonly stride: number;
  /** Torch pads by half a window on every side, TensorFlow as SAME does. */
  readonly symmetric: boolean;
}

/** Widens the channels, convolves each, narrows them again; the input is added where the shape is kept. */
export const invertedResidual =
  ({ names, size, expansion, out, stride, symmetric }: InvertedBlock): Part =>
  (channels) => {
    const padding = symmetric ? size >> 1 : 'same';
    const relu6 = { activation: 'relu6' } as const;
    const main = sequence(
      names.expand ? convolution(names.expand, 1, channels * expansion, relu6) : identity,
      depthwise(names.depthwise, size, { stride, padding }),
      convolution(names.project, 1, out, { activation: 'none' }),
    );
    const isSameShape = stride === 1 && channels === out;
    return (isSameShape ? sum(identity, main, 'none') : main)(channels);
  };

/** Nearest multiple of 8, at least 8, and never more than a tenth below the value. */
export function divisibleBy8(value: number): number {
  const rounded = Math.max(8, Math.floor((value + 4) / 8) * 8);
  return rounded < 0.9 * value ? rounded + 8 : rounded;
}
