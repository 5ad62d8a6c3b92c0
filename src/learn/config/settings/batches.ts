import { z } from 'zod';

const group = 'batches';

/** What a step sees. */
export const batchesSettings = {
  batch: z
    .int()
    .min(2)
    .max(1024)
    .default(32)
    .meta({ group, title: 'Batch', description: 'Images in one step.' }),
  sampler: z
    .enum([
      'shuffled',
      'per-class',
      'class-balanced',
      'hierarchical',
      'neighborhood',
      'mined',
      'mined-classes',
    ])
    .default('shuffled')
    .meta({
      group,
      title: 'Batches from',
      description:
        'All images shuffled, some classes with a few images each, every class equally often, groups of similar classes, some classes and their nearest, triplets mined from the whole training part, or classes that are near in them.',
    }),
  imagesPerClass: z
    .int()
    .min(2)
    .max(64)
    .default(4)
    .meta({
      group,
      onlyWhen: { field: 'sampler', is: ['per-class', 'hierarchical', 'neighborhood', 'mined-classes'] },
      title: 'Images per class',
      description:
        'How many images of each of its classes a batch has; not read where batches are shuffled or class-balanced.',
    }),
  accumulate: z.int().min(1).max(1024).default(1).meta({
    group,
    rare: true,
    title: 'Batches per update',
    description: 'The mean gradient of so many batches moves the weights once.',
  }),
};
