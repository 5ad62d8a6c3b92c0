import { z } from 'zod';
import {
  ClassResult,
  Comparison,
  Evaluation,
  Gallery,
  Neighbor,
  PublishedRow,
  QueryResult,
} from '../domain/evaluation.ts';
import { EvaluationId, ImageId, JobId, Ref } from '../domain/ids.ts';
import { BackendChoice } from '../domain/run.ts';
import { PartName } from '../domain/split.ts';
import { type ContractPart, call } from './definition.ts';

const Path = z.string().min(1).max(4096);
const Page = { offset: z.int().nonnegative().default(0), limit: z.int().min(1).max(1000).default(100) };

const Scoring = {
  /** What queries are searched in. Left out: the part `gallery` for the part `query`, else all other images. */
  gallery: Gallery.optional(),
  /** Ranks at which recall is given. Left out: 1, 2, 4, 8; with a gallery 1, 10, 20, 30. */
  recallAt: z.array(z.int().min(1).max(1_000_000)).min(1).max(20).optional(),
};

const OfRun = z.strictObject({
  kind: z.literal('run'),
  run: Ref,
  checkpoint: z.enum(['best', 'last']).default('best'),
  part: PartName.default('test'),
  backend: BackendChoice.default('auto'),
  ...Scoring,
});

const OfBackbone = z.strictObject({
  kind: z.literal('zero-shot'),
  backbone: z.string().max(60).default('mobilenet-v2-0.35'),
  size: z.int().min(32).max(1024).default(128),
  dataset: Ref,
  split: Ref,
  part: PartName.default('test'),
  backend: BackendChoice.default('auto'),
  ...Scoring,
});

export const evaluations = {
  calls: {
    list: call({
      input: z.strictObject({ dataset: Ref.optional(), run: Ref.optional() }),
      output: z.array(Evaluation),
      errors: ['not-found'],
    }),
    get: call({
      input: z.strictObject({ evaluation: EvaluationId }),
      output: Evaluation,
      errors: ['not-found'],
    }),
    /**
     * Embeds a part and scores it. For a run, the zero-shot row of the same backbone and size is scored beside it.
     * The job's result is an Evaluation. Equal requests reuse the vectors that exist.
     */
    start: call({
      input: z.discriminatedUnion('kind', [
        OfRun,
        OfBackbone,
        z.strictObject({
          kind: z.literal('files'),
          embeddings: Path,
          labels: Path,
          metric: z.enum(['cosine', 'euclidean']).default('cosine'),
          recallAt: Scoring.recallAt,
        }),
      ]),
      output: z.object({ jobId: JobId }),
      errors: ['not-found', 'bad-input', 'conflict'],
    }),
    /** Embeds a part without scoring it: also one that no score can be had of, of one class or of one image a class. */
    embed: call({
      input: z.discriminatedUnion('kind', [OfRun, OfBackbone]),
      output: z.object({ jobId: JobId }),
      errors: ['not-found', 'bad-input', 'conflict'],
    }),
    /** Every query of an evaluation, worst first: no hit in the list, then by how much the nearest wrong image wins. */
    failures: call({
      input: z.strictObject({ evaluation: EvaluationId, onlyMisses: z.boolean().default(true), ...Page }),
      output: z.object({ total: z.int(), misses: z.int(), rows: z.array(QueryResult) }),
      errors: ['not-found'],
    }),
    /** Every class of an evaluation's queries, worst first: by R@1, then by MAP@R. */
    classes: call({
      input: z.strictObject({ evaluation: EvaluationId, ...Page }),
      output: z.object({ total: z.int(), rows: z.array(ClassResult) }),
      errors: ['not-found', 'conflict'],
    }),
    /**
     * Second minus first over the same queries, with bootstrap intervals and sign-flip p values. Refused as a conflict
     * where split, crop, gallery or duplicates differ. Takes seconds.
     */
    compare: call({
      input: z.strictObject({ first: EvaluationId, second: EvaluationId }),
      output: Comparison,
      errors: ['not-found', 'conflict'],
    }),
    /** Rows of papers on this dataset, recognised by its name; empty where none is known. */
    published: call({
      input: z.strictObject({ evaluation: EvaluationId }),
      output: z.object({ dataset: z.string().nullable(), rows: z.array(PublishedRow) }),
      errors: ['not-found'],
    }),
    remove: call({
      input: z.strictObject({ evaluation: EvaluationId }),
      output: z.void(),
      errors: ['not-found'],
    }),
  },
  streams: {},
} satisfies ContractPart;

const NeighborList = z.object({
  query: z.object({ imageId: ImageId.nullable(), path: z.string(), class: z.string().nullable() }),
  neighbors: z.array(Neighbor),
});

export const neighbors = {
  calls: {
    /** The nearest images of the evaluated part in the embedding's own space, itself excluded by identity. */
    ofImage: call({
      input: z.strictObject({
        evaluation: EvaluationId,
        imageId: ImageId,
        k: z.int().min(1).max(100).default(10),
      }),
      output: NeighborList,
      errors: ['not-found'],
    }),
    /** Embeds a picture from disk with the same model and looks it up; takes seconds the first time. */
    ofFile: call({
      input: z.strictObject({ evaluation: EvaluationId, path: Path, k: z.int().min(1).max(100).default(10) }),
      output: NeighborList,
      errors: ['not-found', 'bad-input', 'backend-failed'],
    }),
  },
  streams: {},
} satisfies ContractPart;
