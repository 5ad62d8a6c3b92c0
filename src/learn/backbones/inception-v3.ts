import { buildNetwork } from './build-network.ts';
import { HALVED, VALID, basic, within } from './inception-parts.ts';
import type { Network } from './network.ts';
import { type Part, averagePool, concat, maxPool, sequence } from './parts.ts';
import { MINUS_ONE_TO_ONE } from './pixel-scaling.ts';

/**
 * Inception-v3 without classifiers, named as torchvision's; average pools count the padding.
 * Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", CVPR 2016, table 1.
 */
export function inceptionV3(): Network {
  const stem = sequence(
    basic('Conv2d_1a_3x3', 3, 32, HALVED),
    basic('Conv2d_2a_3x3', 3, 32, VALID),
    basic('Conv2d_2b_3x3', 3, 64),
    maxPool(3, 2),
    basic('Conv2d_3b_1x1', 1, 80),
    basic('Conv2d_4a_3x3', 3, 192, VALID),
    maxPool(3, 2),
  );
  const fifth = sequence(blockA('Mixed_5b', 32), blockA('Mixed_5c', 64), blockA('Mixed_5d', 64));
  const sixth = sequence(
    reduceA('Mixed_6a'),
    blockB('Mixed_6b', 128),
    blockB('Mixed_6c', 160),
    blockB('Mixed_6d', 160),
    blockB('Mixed_6e', 192),
  );
  const seventh = sequence(reduceB('Mixed_7a'), blockC('Mixed_7b'), blockC('Mixed_7c'));
  const stages = [
    ['stem', stem],
    ['Mixed_5', fifth],
    ['Mixed_6', sixth],
    ['Mixed_7', seventh],
  ] as const;
  return buildNetwork(stages, {
    batchNormEpsilon: 1e-3,
    input: MINUS_ONE_TO_ONE,
    framework: 'torch',
    classifiers: ['fc.', 'AuxLogits.'],
  });
}

const pooled = (conv: Part): Part => sequence(averagePool(3, 1, { padding: 1 }), conv);

/** Figure 5: windows of 1, 5 and twice 3. */
function blockA(name: string, pool: number): Part {
  const conv = within(name);
  return concat(
    conv('branch1x1', 1, 64),
    sequence(conv('branch5x5_1', 1, 48), conv('branch5x5_2', 5, 64)),
    sequence(conv('branch3x3dbl_1', 1, 64), conv('branch3x3dbl_2', 3, 96), conv('branch3x3dbl_3', 3, 96)),
    pooled(conv('branch_pool', 1, pool)),
  );
}

function reduceA(name: string): Part {
  const conv = within(name);
  return concat(
    conv('branch3x3', 3, 384, HALVED),
    sequence(
      conv('branch3x3dbl_1', 1, 64),
      conv('branch3x3dbl_2', 3, 96),
      conv('branch3x3dbl_3', 3, 96, HALVED),
    ),
    maxPool(3, 2),
  );
}

/** Figure 6: windows of 7 as a row and a column. */
function blockB(name: string, width: number): Part {
  const conv = within(name);
  return concat(
    conv('branch1x1', 1, 192),
    sequence(
      conv('branch7x7_1', 1, width),
      conv('branch7x7_2', [1, 7], width),
      conv('branch7x7_3', [7, 1], 192),
    ),
    sequence(
      conv('branch7x7dbl_1', 1, width),
      conv('branch7x7dbl_2', [7, 1], width),
      conv('branch7x7dbl_3', [1, 7], width),
      conv('branch7x7dbl_4', [7, 1], width),
      conv('branch7x7dbl_5', [1, 7], 192),
    ),
    pooled(conv('branch_pool', 1, 192)),
  );
}

function reduceB(name: string): Part {
  const conv = within(name);
  return concat(
    sequence(conv('branch3x3_1', 1, 192), conv('branch3x3_2', 3, 320, HALVED)),
    sequence(
      conv('branch7x7x3_1', 1, 192),
      conv('branch7x7x3_2', [1, 7], 192),
      conv('branch7x7x3_3', [7, 1], 192),
      conv('branch7x7x3_4', 3, 192, HALVED),
    ),
    maxPool(3, 2),
  );
}

/** Figure 7: a row and a column side by side. */
function blockC(name: string): Part {
  const conv = within(name);
  const cross = (branch: string): Part =>
    concat(conv(`${branch}a`, [1, 3], 384), conv(`${branch}b`, [3, 1], 384));
  return concat(
    conv('branch1x1', 1, 320),
    sequence(conv('branch3x3_1', 1, 384), cross('branch3x3_2')),
    sequence(conv('branch3x3dbl_1', 1, 448), conv('branch3x3dbl_2', 3, 384), cross('branch3x3dbl_3')),
    pooled(conv('branch_pool', 1, 192)),
  );
}
