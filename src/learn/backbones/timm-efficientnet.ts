import { buildNetwork } from './build-network.ts';
import {
  type InvertedNames,
  type InvertedRow,
  MOBILENET_V2,
  divisibleBy8,
  invertedResidual,
} from './inverted-residual.ts';
import type { Network } from './network.ts';
import { type ConvolutionNames, convolution, sequence, torchNorm } from './parts.ts';
import { IMAGENET_COLOURS, MINUS_ONE_TO_ONE } from './pixel-scaling.ts';

const LAST_CHANNELS = 1280;

/** EfficientNet-B0's rows; the "lite" variant has ReLU6 instead of swish and no squeeze-and-excitation. */
const EFFICIENTNET_LITE0: readonly InvertedRow[] = [
  [1, 16, 1, 1, 3],
  [6, 24, 2, 2, 3],
  [6, 40, 2, 2, 5],
  [6, 80, 3, 2, 3],
  [6, 112, 3, 1, 5],
  [6, 192, 4, 2, 5],
  [6, 320, 1, 1, 3],
];

/** MobileNetV2 without its classifier, named and padded as timm's. @param width multiplier of the channels */
export const timmMobileNetV2 = (width: number): Network => timmNetwork(MOBILENET_V2, width, false);

/**
 * EfficientNet-Lite0 without its classifier, named as timm's.
 * Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", ICML 2019.
 *
 * @param converted from TensorFlow's weights (`tf_efficientnet_lite0`), with its padding, epsilon and pixels
 */
export const efficientNetLite0 = (converted: boolean): Network =>
  timmNetwork(EFFICIENTNET_LITE0, 1, converted);

function timmNetwork(rows: readonly InvertedRow[], width: number, converted: boolean): Network {
  const stages = rows.map(([expansion, channels, repeats, firstStride, size], stage) => {
    const blocks = Array.from({ length: repeats }, (_, i) =>
      invertedResidual({
        names: blockNames(`blocks.${String(stage)}.${String(i)}`, expansion > 1),
        size,
        expansion,
        out: divisibleBy8(channels * width),
        stride: i === 0 ? firstStride : 1,
        symmetric: !converted,
      }),
    );
    return [`blocks.${String(stage)}`, sequence(...blocks)] as const;
  });
  const padding = converted ? 'same' : 1;
  const stem = convolution(named('conv_stem', 'bn1'), 3, divisibleBy8(32 * width), {
    stride: 2,
    padding,
    activation: 'relu6',
  });
  const last = Math.max(LAST_CHANNELS, divisibleBy8(LAST_CHANNELS * width));
  const head = convolution(named('conv_head', 'bn2'), 1, last, { activation: 'relu6' });
  return buildNetwork([['stem', stem], ...stages, ['head', head]], {
    batchNormEpsilon: converted ? 1e-3 : 1e-5,
    input: converted ? MINUS_ONE_TO_ONE : IMAGENET_COLOURS,
    framework: 'torch',
    classifiers: ['classifier.'],
  });
}

/** A block that does not widen counts its convolutions from the depthwise one. */
const blockNames = (name: string, expands: boolean): InvertedNames =>
  expands
    ? {
        expand: named(`${name}.conv_pw`, `${name}.bn1`),
        depthwise: named(`${name}.conv_dw`, `${name}.bn2`),
        project: named(`${name}.conv_pwl`, `${name}.bn3`),
      }
    : {
        expand: null,
        depthwise: named(`${name}.conv_dw`, `${name}.bn1`),
        project: named(`${name}.conv_pw`, `${name}.bn2`),
      };

const named = (name: string, norm: string): ConvolutionNames => ({
  filter: `${name}.weight`,
  norm: torchNorm(norm),
});
