import { z } from 'zod';
import { MiningRule } from '#shared/domain/triplet.ts';

const group = 'batches';
const onlyWhen = { field: 'sampler', is: ['mined', 'mined-classes'] };

/** How a run mines its whole training part while it trains. */
export const miningSettings = {
  miningRule: MiningRule.default('smart').meta({
    group,
    onlyWhen,
    title: 'Negatives',
    description:
      'The nearest that is farther than the positive (smart), the nearest at all, or the nearest farther one inside a margin (semi-hard).',
  }),
  refreshMargin: z.number().min(0).max(4).default(0.2).meta({
    group,
    rare: true,
    onlyWhen,
    title: 'Mining margin',
    description: 'Width of the semi-hard band in distance; a mined triplet inside it counts as active.',
  }),
  minedShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .meta({
      group,
      onlyWhen: { field: 'sampler', is: ['mined'] },
      title: 'Mined share',
      description:
        'Share of a batch’s triplets that is mined, the others are random; where the controller begins.',
    }),
  negativeRank: z.int().min(1).max(32).default(1).meta({
    group,
    onlyWhen,
    title: 'Rank of negatives',
    description:
      'With r, one of the ranks r to 2r − 1 among the fitting negatives is drawn: 1 is always the nearest. Where the controller begins.',
  }),
  refreshEverySteps: z.int().min(0).max(1_000_000).default(0).meta({
    group,
    onlyWhen,
    title: 'Mine every … steps',
    description:
      'How often the training part is embedded and mined; where the controller begins. 0 for every epoch.',
    zero: 'every epoch',
  }),
  controller: z.enum(['adaptive', 'fixed']).default('adaptive').meta({
    group,
    onlyWhen,
    title: 'Controller',
    description: 'Adaptive moves share, rank and interval so that triplets stay useful; fixed leaves them.',
  }),
  activeTarget: z.number().gt(0).lt(1).default(0.5).meta({
    group,
    rare: true,
    onlyWhen,
    title: 'Active triplets wanted',
    description: 'Share of the triplets with a loss above 0 that the controller steers to.',
  }),
};
