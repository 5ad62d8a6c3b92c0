import { buildNetwork } from './build-network.ts';
import type { Network } from './network.ts';
import {
  type Part,
  averagePool,
  concat,
  convolution,
  identity,
  maxPool,
  norm,
  sequence,
  torchNorm,
} from './parts.ts';
import { IMAGENET_COLOURS } from './pixel-scaling.ts';

/** Rows of the paper's table 1: layers a dense block, channels that each adds, channels of the stem. */
const DEPTHS = {
  121: { blocks: [6, 12, 24, 16], growth: 32, stem: 64 },
  161: { blocks: [6, 12, 36, 24], growth: 48, stem: 96 },
  169: { blocks: [6, 12, 32, 32], growth: 32, stem: 64 },
} as const;

/** A layer first narrows what it sees to so many times the growth. */
const NARROWING = 4;

/**
 * DenseNet without its classifier, named as torchvision's.
 * Huang et al., "Densely Connected Convolutional Networks", CVPR 2017.
 */
export function denseNet(depth: keyof typeof DEPTHS): Network {
  const { blocks, growth, stem } = DEPTHS[depth];
  const first = sequence(
    convolution({ filter: 'features.conv0.weight', norm: torchNorm('features.norm0') }, 7, stem, {
      stride: 2,
      padding: 3,
    }),
    maxPool(3, 2, { padding: 1 }),
  );
  const stages = blocks.map((layers, i) => {
    const name = `features.denseblock${String(i + 1)}`;
    const dense = Array.from({ length: layers }, (_, j) =>
      denseLayer(`${name}.denselayer${String(j + 1)}`, growth),
    );
    const last = i === blocks.length - 1;
    const end = last
      ? norm(torchNorm('features.norm5'), 'relu')
      : transition(`features.transition${String(i + 1)}`);
    return [`denseblock${String(i + 1)}`, sequence(...dense, end)] as const;
  });
  return buildNetwork([['stem', first], ...stages], {
    batchNormEpsilon: 1e-5,
    input: IMAGENET_COLOURS,
    framework: 'torch',
    classifiers: ['classifier.'],
  });
}

/** norm, 1x1, norm, 3x3; its output stands behind its input. */
const denseLayer = (name: string, growth: number): Part =>
  concat(
    identity,
    sequence(
      norm(torchNorm(`${name}.norm1`), 'relu'),
      convolution(
        { filter: `${name}.conv1.weight`, norm: torchNorm(`${name}.norm2`) },
        1,
        NARROWING * growth,
      ),
      convolution({ filter: `${name}.conv2.weight`, norm: null }, 3, growth, { activation: 'none' }),
    ),
  );

/** Halves the channels and the sides. */
const transition =
  (name: string): Part =>
  (channels) =>
    sequence(
      norm(torchNorm(`${name}.norm`), 'relu'),
      convolution({ filter: `${name}.conv.weight`, norm: null }, 1, channels / 2, { activation: 'none' }),
      averagePool(2, 2),
    )(channels);
