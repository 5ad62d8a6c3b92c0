import { buildNetwork } from './build-network.ts';
import { type InvertedNames, MOBILENET_V2, divisibleBy8, invertedResidual } from './inverted-residual.ts';
import type { Network } from './network.ts';
import { type ConvolutionNames, convolution, kerasNorm, sequence } from './parts.ts';
import { MINUS_ONE_TO_ONE } from './pixel-scaling.ts';

const LAST_CHANNELS = 1280;

/**
 * MobileNetV2 without its classifier, named as Keras names its arrays. Stride-2 convolutions pad as TensorFlow's SAME
 * does, which for even inputs is nothing before and one after, as Keras.
 * Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018.
 *
 * @param width multiplier of the channels; the last layer has 1280 or more
 */
export function mobileNetV2(width: number): Network {
  let index = 0;
  const stages = MOBILENET_V2.map(([expansion, channels, repeats, firstStride, size], stage) => {
    const out = divisibleBy8(channels * width);
    const blocks = Array.from({ length: repeats }, (_, i) =>
      invertedResidual({
        names: blockNames(index++, expansion > 1),
        size,
        expansion,
        out,
        stride: i === 0 ? firstStride : 1,
        symmetric: false,
      }),
    );
    return [`stage${String(stage)}`, sequence(...blocks)] as const;
  });
  const relu6 = { activation: 'relu6' } as const;
  const stem = convolution(named('Conv1', 'bn_Conv1'), 3, divisibleBy8(32 * width), { ...relu6, stride: 2 });
  const last = Math.max(LAST_CHANNELS, divisibleBy8(LAST_CHANNELS * width));
  const head = convolution(named('Conv_1', 'Conv_1_bn'), 1, last, relu6);
  return buildNetwork([['stem', stem], ...stages, ['head', head]], {
    batchNormEpsilon: 1e-3,
    input: MINUS_ONE_TO_ONE,
    framework: 'keras',
    classifiers: ['predictions'],
  });
}

function blockNames(index: number, expands: boolean): InvertedNames {
  const name = index === 0 ? 'expanded_conv' : `block_${String(index)}`;
  return {
    expand: expands ? named(`${name}_expand`, `${name}_expand_BN`) : null,
    depthwise: { filter: `${name}_depthwise/depthwise_kernel`, norm: kerasNorm(`${name}_depthwise_BN`) },
    project: named(`${name}_project`, `${name}_project_BN`),
  };
}

const named = (name: string, norm: string): ConvolutionNames => ({
  filter: `${name}/kernel`,
  norm: kerasNorm(norm),
});
