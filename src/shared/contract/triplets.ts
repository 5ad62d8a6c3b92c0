import { z } from 'zod';
import { Verdict } from '../domain/dataset.ts';
import { ClassId, JobId, Ref, RefreshId } from '../domain/ids.ts';
import { BackendChoice } from '../domain/run.ts';
import { PartName } from '../domain/split.ts';
import { MiningRule, Refresh, Triplet } from '../domain/triplet.ts';
import { type ContractPart, call } from './definition.ts';

const Path = z.string().min(1).max(4096);

export const triplets = {
  calls: {
    /** Mines a whole part (or arrays from files); the job's result is a Refresh, or the written file. */
    mine: call({
      input: z.discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('run'),
          run: Ref,
          checkpoint: z.enum(['best', 'last']).default('last'),
          part: PartName.default('train'),
          rule: MiningRule.default('smart'),
          margin: z.number().min(0).max(4).default(0.2),
          limit: z.int().positive().optional(),
          out: Path.optional(),
          /** Whether `out` may replace a file that exists. */
          overwrite: z.boolean().default(false),
          backend: BackendChoice.default('auto'),
        }),
        z.strictObject({
          kind: z.literal('files'),
          embeddings: Path,
          labels: Path,
          rule: MiningRule.default('smart'),
          metric: z.enum(['cosine', 'euclidean']).default('cosine'),
          margin: z.number().min(0).max(4).default(0.2),
          limit: z.int().positive().optional(),
          out: Path.optional(),
          overwrite: z.boolean().default(false),
        }),
      ]),
      output: z.object({ jobId: JobId }),
      errors: ['not-found', 'bad-input', 'conflict'],
    }),
    refreshes: call({
      input: z.strictObject({ run: Ref.optional(), dataset: Ref.optional() }),
      output: z.array(Refresh),
      errors: ['not-found'],
    }),
    list: call({
      input: z.strictObject({
        refresh: RefreshId,
        sort: z.enum(['hardness', 'anchor-positive', 'anchor-negative', 'row']).default('hardness'),
        classId: ClassId.optional(),
        verdict: z.enum(['any', 'none', 'given', ...Verdict.options]).default('any'),
        offset: z.int().nonnegative().default(0),
        limit: z.int().min(1).max(500).default(50),
      }),
      output: z.object({ total: z.int(), reviewed: z.int(), rows: z.array(Triplet) }),
      errors: ['not-found'],
    }),
  },
  streams: {},
} satisfies ContractPart;
