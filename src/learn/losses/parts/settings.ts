import { z } from 'zod';

/** Settings that losses over pairs and triplets share, with the form's words. */
export const distance = z.enum(['euclidean', 'squared']).default('euclidean').meta({
  title: 'Distance',
  description: 'The plain Euclidean distance of two embeddings, or its square.',
});
export type DistanceName = z.infer<typeof distance>;

export const reduction = z.enum(['active', 'all']).default('active').meta({
  title: 'Mean over',
  description: 'All terms, or only those whose loss is still above 0.',
});
