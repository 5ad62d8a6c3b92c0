import { z } from 'zod';
import { HEAD_NORMS, POOLINGS } from '../../models/head-kinds.ts';

const group = 'network';

/** What is trained: the network, its embedding layer, and what of them stays as it is. */
export const networkSettings = {
  backbone: z
    .string()
    .max(60)
    .default('mobilenet-v2-0.35')
    .meta({ group, title: 'Backbone', description: 'The network that the run starts from.' }),
  weights: z.string().trim().min(1).max(120).default('pretrained').meta({
    group,
    title: 'Weights',
    description:
      '“pretrained” for those that come with Plumage or else the newest imported, “random” to train from nothing, or imported ones by name.',
  }),
  dim: z
    .int()
    .min(2)
    .max(1024)
    .default(128)
    .meta({ group, title: 'Dimensions', description: 'Numbers in one embedding.' }),
  pooling: z.enum(POOLINGS).default('average').meta({
    group,
    title: 'Pooling',
    description:
      'How the last feature map becomes a vector: its average, its average and its largest values added, or flattened as it is.',
  }),
  headNorm: z.enum(HEAD_NORMS).default('none').meta({
    group,
    rare: true,
    title: 'Head norm',
    description: 'Layer norm between the embedding layer and unit length, or none.',
  }),
  headInit: z.enum(['pca', 'random']).default('pca').meta({
    group,
    title: 'Head start',
    description: 'Start the embedding layer from the principal axes of the untrained features, or at random.',
  }),
  freezeBatchNorm: z.boolean().default(true).meta({
    group,
    title: 'Freeze batch-norm statistics',
    description: 'Keep the statistics of the pretrained network. Better on small sets, and faster.',
  }),
  frozenStages: z.int().min(0).max(12).default(0).meta({
    group,
    rare: true,
    title: 'Frozen stages',
    description: 'So many of the network’s first stages stay as they are; 0 to train all.',
    zero: 'train all',
  }),
  freezeBackboneSteps: z.int().min(0).max(1_000_000).default(0).meta({
    group,
    rare: true,
    title: 'Freeze the backbone for … steps',
    description: 'So long only head and centres learn; 0 for never. A rate of 0 freezes for good.',
    zero: 'never',
  }),
};
