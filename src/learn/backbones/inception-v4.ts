import { buildNetwork } from './build-network.ts';
import { HALVED, VALID, within } from './inception-parts.ts';
import type { Network } from './network.ts';
import { type Part, averagePool, concat, maxPool, sequence } from './parts.ts';
import { MINUS_ONE_TO_ONE } from './pixel-scaling.ts';

/**
 * Inception-v4 without its classifier, named as timm's (`features.<row>`); average pools leave the padding out.
 * Szegedy et al., "Inception-v4, Inception-ResNet and the Impact of Residual Connections", AAAI 2017, figure 9.
 */
export function inceptionV4(): Network {
  const row = (index: number, block: (conv: Conv) => Part): Part =>
    block(within(`features.${String(index)}`));
  const rows = (first: number, count: number, block: (conv: Conv) => Part): Part[] =>
    Array.from({ length: count }, (_, i) => row(first + i, block));
  const features = within('features');
  const stem = sequence(
    features('0', 3, 32, HALVED),
    features('1', 3, 32, VALID),
    features('2', 3, 64),
    row(3, (conv) => concat(maxPool(3, 2), conv('conv', 3, 96, HALVED))),
    row(4, stemCross),
    row(5, (conv) => concat(conv('conv', 3, 192, HALVED), maxPool(3, 2))),
  );
  const stages = [
    ['stem', stem],
    ['inception-a', sequence(...rows(6, 4, blockA))],
    ['inception-b', sequence(row(10, reduceA), ...rows(11, 7, blockB))],
    ['inception-c', sequence(row(18, reduceB), ...rows(19, 3, blockC))],
  ] as const;
  return buildNetwork(stages, {
    batchNormEpsilon: 1e-3,
    input: MINUS_ONE_TO_ONE,
    framework: 'torch',
    classifiers: ['last_linear.'],
  });
}

type Conv = ReturnType<typeof within>;

const pooled = (conv: Part): Part => sequence(averagePool(3, 1, { padding: 1, countPadding: false }), conv);

/** Figure 3. */
const stemCross = (conv: Conv): Part =>
  concat(
    sequence(conv('branch0.0', 1, 64), conv('branch0.1', 3, 96, VALID)),
    sequence(
      conv('branch1.0', 1, 64),
      conv('branch1.1', [1, 7], 64),
      conv('branch1.2', [7, 1], 64),
      conv('branch1.3', 3, 96, VALID),
    ),
  );

/** Figure 4. */
const blockA = (conv: Conv): Part =>
  concat(
    conv('branch0', 1, 96),
    sequence(conv('branch1.0', 1, 64), conv('branch1.1', 3, 96)),
    sequence(conv('branch2.0', 1, 64), conv('branch2.1', 3, 96), conv('branch2.2', 3, 96)),
    pooled(conv('branch3.1', 1, 96)),
  );

/** Figure 7. */
const reduceA = (conv: Conv): Part =>
  concat(
    conv('branch0', 3, 384, HALVED),
    sequence(conv('branch1.0', 1, 192), conv('branch1.1', 3, 224), conv('branch1.2', 3, 256, HALVED)),
    maxPool(3, 2),
  );

/** Figure 5. */
const blockB = (conv: Conv): Part =>
  concat(
    conv('branch0', 1, 384),
    sequence(conv('branch1.0', 1, 192), conv('branch1.1', [1, 7], 224), conv('branch1.2', [7, 1], 256)),
    sequence(
      conv('branch2.0', 1, 192),
      conv('branch2.1', [7, 1], 192),
      conv('branch2.2', [1, 7], 224),
      conv('branch2.3', [7, 1], 224),
      conv('branch2.4', [1, 7], 256),
    ),
    pooled(conv('branch3.1', 1, 128)),
  );

/** Figure 8. */
const reduceB = (conv: Conv): Part =>
  concat(
    sequence(conv('branch0.0', 1, 192), conv('branch0.1', 3, 192, HALVED)),
    sequence(
      conv('branch1.0', 1, 256),
      conv('branch1.1', [1, 7], 256),
      conv('branch1.2', [7, 1], 320),
      conv('branch1.3', 3, 320, HALVED),
    ),
    maxPool(3, 2),
  );

/** Figure 6. */
const blockC = (conv: Conv): Part =>
  concat(
    conv('branch0', 1, 256),
    sequence(
      conv('branch1_0', 1, 384),
      concat(conv('branch1_1a', [1, 3], 256), conv('branch1_1b', [3, 1], 256)),
    ),
    sequence(
      conv('branch2_0', 1, 384),
      conv('branch2_1', [3, 1], 448),
      conv('branch2_2', [1, 3], 512),
      concat(conv('branch2_3a', [1, 3], 256), conv('branch2_3b', [3, 1], 256)),
    ),
    pooled(conv('branch3.1', 1, 256)),
  );
