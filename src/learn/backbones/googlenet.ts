import { buildNetwork } from './build-network.ts';
import { basic, within } from './inception-parts.ts';
import type { Network } from './network.ts';
import { type Part, concat, maxPool, sequence } from './parts.ts';
import { MINUS_ONE_TO_ONE } from './pixel-scaling.ts';

/** Channels of a row of the paper's table 1: `[narrowed to, out]` where a 1x1 convolution goes before. */
interface Row {
  readonly one: number;
  readonly three: readonly [number, number];
  readonly five: readonly [number, number];
  readonly pool: number;
}

/**
 * GoogLeNet without classifiers, named as torchvision's: with batch norm, and 3x3 windows where the paper has 5x5.
 * Szegedy et al., "Going Deeper with Convolutions", CVPR 2015.
 */
export function googLeNet(): Network {
  const stem = sequence(
    basic('conv1', 7, 64, { stride: 2, padding: 3 }),
    maxPool(3, 2, { ceil: true }),
    basic('conv2', 1, 64),
    basic('conv3', 3, 192),
    maxPool(3, 2, { ceil: true }),
  );
  const third = sequence(
    inception('3a', { one: 64, three: [96, 128], five: [16, 32], pool: 32 }),
    inception('3b', { one: 128, three: [128, 192], five: [32, 96], pool: 64 }),
    maxPool(3, 2, { ceil: true }),
  );
  const fourth = sequence(
    inception('4a', { one: 192, three: [96, 208], five: [16, 48], pool: 64 }),
    inception('4b', { one: 160, three: [112, 224], five: [24, 64], pool: 64 }),
    inception('4c', { one: 128, three: [128, 256], five: [24, 64], pool: 64 }),
    inception('4d', { one: 112, three: [144, 288], five: [32, 64], pool: 64 }),
    inception('4e', { one: 256, three: [160, 320], five: [32, 128], pool: 128 }),
    maxPool(2, 2, { ceil: true }),
  );
  const fifth = sequence(
    inception('5a', { one: 256, three: [160, 320], five: [32, 128], pool: 128 }),
    inception('5b', { one: 384, three: [192, 384], five: [48, 128], pool: 128 }),
  );
  const stages = [
    ['stem', stem],
    ['inception3', third],
    ['inception4', fourth],
    ['inception5', fifth],
  ] as const;
  return buildNetwork(stages, {
    batchNormEpsilon: 1e-3,
    input: MINUS_ONE_TO_ONE,
    framework: 'torch',
    classifiers: ['fc.', 'aux1.', 'aux2.'],
  });
}

function inception(id: string, { one, three, five, pool }: Row): Part {
  const conv = within(`inception${id}`);
  return concat(
    conv('branch1', 1, one),
    sequence(conv('branch2.0', 1, three[0]), conv('branch2.1', 3, three[1])),
    sequence(conv('branch3.0', 1, five[0]), conv('branch3.1', 3, five[1])),
    sequence(maxPool(3, 1, { padding: 'same' }), conv('branch4.1', 1, pool)),
  );
}
