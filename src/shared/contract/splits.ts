import { z } from 'zod';
import { Ref } from '../domain/ids.ts';
import { LeakPair, SplitKind, SplitSummary } from '../domain/split.ts';
import { type ContractPart, call } from './definition.ts';

const Share = z.number().min(0).max(0.95);

export const splits = {
  calls: {
    list: call({
      input: z.strictObject({ dataset: Ref.optional() }),
      output: z.array(SplitSummary),
      errors: ['not-found'],
    }),
    get: call({
      input: z.strictObject({ split: Ref, dataset: Ref.optional() }),
      output: SplitSummary,
      errors: ['not-found'],
    }),
    create: call({
      input: z.strictObject({
        dataset: Ref,
        kind: SplitKind.default('class-disjoint'),
        /** Share of the classes (class-disjoint) or of each class's images (stratified) kept for the test. */
        testShare: Share.default(0.5),
        /** Share of what is left for training that is held out for validation: classes or images, as above. */
        validationShare: Share.default(0.1),
        seed: z
          .int()
          .min(0)
          .max(2 ** 31 - 1)
          .default(0),
        name: z.string().trim().min(1).max(120).optional(),
        /** Leave out of the training parts every image that has a copy in the test part. */
        dropLeaks: z.boolean().default(false),
        /** Refuse when the dataset is no longer at this revision. */
        ifRevision: z.int().optional(),
      }),
      output: SplitSummary,
      errors: ['not-found', 'bad-input', 'conflict'],
    }),
    leaks: call({
      input: z.strictObject({
        split: Ref,
        offset: z.int().nonnegative().default(0),
        limit: z.int().min(1).max(1000).default(100),
      }),
      output: z.object({ total: z.int(), rows: z.array(LeakPair) }),
      errors: ['not-found'],
    }),
    remove: call({
      input: z.strictObject({ split: Ref }),
      output: z.void(),
      errors: ['not-found', 'conflict'],
    }),
  },
  streams: {},
} satisfies ContractPart;
