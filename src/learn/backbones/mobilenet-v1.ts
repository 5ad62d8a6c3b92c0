import { buildNetwork } from './build-network.ts';
import type { Network } from './network.ts';
import { type ConvolutionNames, convolution, depthwise, kerasNorm, sequence, torchNorm } from './parts.ts';
import { MINUS_ONE_TO_ONE } from './pixel-scaling.ts';

/** Rows of the paper's table 1 in stages of one size: channels, and how many convolutions give them. */
const STAGES = [
  [64, 1],
  [128, 2],
  [256, 2],
  [512, 6],
  [1024, 2],
] as const;

/** How a framework names the arrays, and how it pads a convolution that halves the sides. */
interface Style extends Pick<Network, 'framework' | 'batchNormEpsilon' | 'classifiers'> {
  readonly halvedPadding: 'same' | 1;
  readonly stem: ConvolutionNames;
  /** @param number of the block, from 1 */
  readonly block: (
    stage: number,
    index: number,
    number: number,
  ) => Record<'depthwise' | 'pointwise', ConvolutionNames>;
}

const KERAS: Style = {
  framework: 'keras',
  batchNormEpsilon: 1e-3,
  classifiers: ['conv_preds'],
  // Nothing before and one after for even sizes, as TensorFlow's SAME.
  halvedPadding: 'same',
  stem: { filter: 'conv1/kernel', norm: kerasNorm('conv1_bn') },
  block: (_stage, _index, number) => ({
    depthwise: {
      filter: `conv_dw_${String(number)}/depthwise_kernel`,
      norm: kerasNorm(`conv_dw_${String(number)}_bn`),
    },
    pointwise: {
      filter: `conv_pw_${String(number)}/kernel`,
      norm: kerasNorm(`conv_pw_${String(number)}_bn`),
    },
  }),
};

const TIMM: Style = {
  framework: 'torch',
  batchNormEpsilon: 1e-5,
  classifiers: ['classifier.'],
  halvedPadding: 1,
  stem: { filter: 'conv_stem.weight', norm: torchNorm('bn1') },
  block: (stage, index) => {
    const name = `blocks.${String(stage)}.${String(index)}`;
    return {
      depthwise: { filter: `${name}.conv_dw.weight`, norm: torchNorm(`${name}.bn1`) },
      pointwise: { filter: `${name}.conv_pw.weight`, norm: torchNorm(`${name}.bn2`) },
    };
  },
};

/**
 * MobileNet (version 1) without its classifier.
 * Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications", 2017.
 *
 * @param width multiplier of the channels
 */
export function mobileNetV1(width: number, framework: 'keras' | 'timm'): Network {
  const style = framework === 'keras' ? KERAS : TIMM;
  const halved = { stride: 2, padding: style.halvedPadding } as const;
  const stem = convolution(style.stem, 3, Math.floor(32 * width), { ...halved, activation: 'relu6' });
  let number = 0;
  const stages = STAGES.map(([channels, repeats], stage) => {
    const blocks = Array.from({ length: repeats }, (_, i) => {
      const names = style.block(stage, i, ++number);
      return sequence(
        depthwise(names.depthwise, 3, i === 0 && stage > 0 ? halved : {}),
        convolution(names.pointwise, 1, Math.floor(channels * width), { activation: 'relu6' }),
      );
    });
    return [`stage${String(stage)}`, sequence(...blocks)] as const;
  });
  const { batchNormEpsilon, classifiers } = style;
  return buildNetwork([['stem', stem], ...stages], {
    batchNormEpsilon,
    classifiers,
    framework: style.framework,
    input: MINUS_ONE_TO_ONE,
  });
}
