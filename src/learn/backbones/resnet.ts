import { buildNetwork } from './build-network.ts';
import type { Network } from './network.ts';
import {
  type ConvolutionOptions,
  type Part,
  convolution,
  identity,
  maxPool,
  sequence,
  sum,
  torchNorm,
} from './parts.ts';
import { IMAGENET_COLOURS } from './pixel-scaling.ts';

/** Rows of the paper's table 1: blocks a stage, and whether a block narrows its channels to a quarter. */
const DEPTHS = {
  18: { blocks: [2, 2, 2, 2], bottleneck: false },
  34: { blocks: [3, 4, 6, 3], bottleneck: false },
  50: { blocks: [3, 4, 6, 3], bottleneck: true },
  101: { blocks: [3, 4, 23, 3], bottleneck: true },
} as const;

/**
 * ResNet without its classifier, named and padded as torchvision's (stride on the 3x3 convolution of a bottleneck).
 * He et al., "Deep Residual Learning for Image Recognition", CVPR 2016.
 */
export function resNet(depth: keyof typeof DEPTHS): Network {
  const { blocks, bottleneck } = DEPTHS[depth];
  const stem = sequence(
    conv('conv1', 'bn1', 7, 64, { stride: 2, padding: 3 }),
    maxPool(3, 2, { padding: 1 }),
  );
  const stages = blocks.map((count, i) => {
    const name = `layer${String(i + 1)}`;
    const parts = Array.from({ length: count }, (_, j) =>
      block(`${name}.${String(j)}`, 64 * 2 ** i, j === 0 && i > 0 ? 2 : 1, bottleneck),
    );
    return [name, sequence(...parts)] as const;
  });
  return buildNetwork([['stem', stem], ...stages], {
    batchNormEpsilon: 1e-5,
    input: IMAGENET_COLOURS,
    framework: 'torch',
    classifiers: ['fc.'],
  });
}

const block =
  (name: string, width: number, stride: number, bottleneck: boolean): Part =>
  (channels) => {
    const out = bottleneck ? 4 * width : width;
    const last = { activation: 'none' } as const;
    const main = bottleneck
      ? sequence(
          conv(`${name}.conv1`, `${name}.bn1`, 1, width),
          conv(`${name}.conv2`, `${name}.bn2`, 3, width, { stride, padding: 1 }),
          conv(`${name}.conv3`, `${name}.bn3`, 1, out, last),
        )
      : sequence(
          conv(`${name}.conv1`, `${name}.bn1`, 3, width, { stride, padding: 1 }),
          conv(`${name}.conv2`, `${name}.bn2`, 3, out, last),
        );
    const shortcut =
      stride === 1 && channels === out
        ? identity
        : conv(`${name}.downsample.0`, `${name}.downsample.1`, 1, out, { stride, padding: 0, ...last });
    return sum(main, shortcut, 'relu')(channels);
  };

const conv = (name: string, norm: string, size: number, out: number, options?: ConvolutionOptions): Part =>
  convolution({ filter: `${name}.weight`, norm: torchNorm(norm) }, size, out, options);
