import type { Block, Network, Unit } from './network.ts';

/** Rows of the paper's table 2: expansion, output channels, repeats, stride of the first. */
const STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

const LAST_CHANNELS = 1280;

/**
 * MobileNetV2 without its classifier, named as Keras names its arrays. Stride-2 convolutions pad as TensorFlow's SAME
 * does, which for even inputs is nothing before and one after, as Keras.
 * Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018.
 *
 * @param width multiplier of the channels; the last layer keeps its 1280
 */
export function mobileNetV2(width: number): Network {
  let channels = divisibleBy8(32 * width);
  const blocks: Block[] = [
    { units: [full('Conv1', 'bn_Conv1', 3, 3, channels, 2, 'relu6')], residual: false },
  ];
  let index = 0;
  for (const [expansion, base, repeats, firstStride] of STAGES) {
    const out = divisibleBy8(base * width);
    for (let i = 0; i < repeats; i++) {
      const stride = i === 0 ? firstStride : 1;
      blocks.push(invertedResidual(index, channels, out, expansion, stride));
      channels = out;
      index += 1;
    }
  }
  blocks.push({
    units: [full('Conv_1', 'Conv_1_bn', 1, channels, LAST_CHANNELS, 1, 'relu6')],
    residual: false,
  });
  return {
    blocks,
    featureDim: LAST_CHANNELS,
    batchNormEpsilon: 1e-3,
    input: { scale: 1 / 127.5, offset: -1 },
  };
}

function invertedResidual(
  index: number,
  channels: number,
  out: number,
  expansion: number,
  stride: number,
): Block {
  const name = index === 0 ? 'expanded_conv' : `block_${String(index)}`;
  const hidden = channels * expansion;
  const units: Unit[] = [
    {
      kernel: `${name}_depthwise/depthwise_kernel`,
      norm: `${name}_depthwise_BN`,
      shape: [3, 3, hidden, 1],
      depthwise: true,
      stride,
      activation: 'relu6',
    },
    full(`${name}_project`, `${name}_project_BN`, 1, hidden, out, 1, 'none'),
  ];
  if (expansion > 1)
    units.unshift(full(`${name}_expand`, `${name}_expand_BN`, 1, channels, hidden, 1, 'relu6'));
  return { units, residual: stride === 1 && channels === out };
}

const full = (
  name: string,
  norm: string,
  size: number,
  channels: number,
  out: number,
  stride: number,
  activation: Unit['activation'],
): Unit => ({
  kernel: `${name}/kernel`,
  norm,
  shape: [size, size, channels, out],
  depthwise: false,
  stride,
  activation,
});

/** Nearest multiple of 8, at least 8, and never more than a tenth below the value. */
function divisibleBy8(value: number): number {
  const rounded = Math.max(8, Math.floor((value + 4) / 8) * 8);
  return rounded < 0.9 * value ? rounded + 8 : rounded;
}
