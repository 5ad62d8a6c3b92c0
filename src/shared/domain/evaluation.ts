import { z } from 'zod';
import {
  ContentHash,
  DatasetId,
  EmbeddingId,
  EvaluationId,
  ImageId,
  RunId,
  SplitId,
  Timestamp,
} from './ids.ts';
import { PartName } from './split.ts';

/**
 * A score with its 95 % bootstrap interval over queries. Means of queries also have the wider one over classes, which
 * is the one to read for a claim about other classes; NMI, AMI and older evaluations lack it.
 */
export const Score = z.object({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  classLow: z.number().optional(),
  classHigh: z.number().optional(),
});
export type Score = z.infer<typeof Score>;

/** All that has to be equal for two scores to be comparable. Its hash is printed beside every score. */
export const Protocol = z.object({
  hash: ContentHash,
  splitHash: z.string(),
  part: z.string(),
  size: z.int().nullable(),
  crop: z.string(),
  dim: z.int(),
  metric: z.string(),
  selfExclusion: z.literal('by identity'),
  duplicatePolicy: z.string(),
  checkpointRule: z.string(),
  bootstrapSeed: z.int(),
  bootstrapSamples: z.int(),
});
export type Protocol = z.infer<typeof Protocol>;

/** Keys: recall@1, recall@2, recall@4, recall@8, map@r, r-precision, nmi, ami. */
export const Scores = z.record(z.string(), Score);
export type Scores = z.infer<typeof Scores>;

/** What produced the vectors: a checkpoint of a run, or a backbone as it came (zero-shot). */
export const EmbeddingSource = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('run'),
    runId: RunId,
    runName: z.string(),
    checkpoint: z.string(),
    step: z.int(),
  }),
  z.object({ kind: z.literal('zero-shot'), backbone: z.string(), size: z.int() }),
]);
export type EmbeddingSource = z.infer<typeof EmbeddingSource>;

export const Evaluation = z.object({
  id: EvaluationId,
  embeddingId: EmbeddingId,
  datasetId: DatasetId,
  splitId: SplitId,
  part: PartName,
  source: EmbeddingSource,
  title: z.string(),
  protocol: Protocol,
  queries: z.int(),
  classes: z.int(),
  excludedQueries: z.int(),
  scores: Scores,
  /** Set where the evaluated classes were trained on: such a score says nothing about unseen classes. */
  seenClasses: z.boolean(),
  stale: z.boolean(),
  /** The same protocol without training, and the paired difference in recall@1 over the same queries. */
  zeroShot: z.object({ evaluationId: EvaluationId, scores: Scores, differenceRecallAt1: Score }).nullable(),
  createdAt: Timestamp,
});
export type Evaluation = z.infer<typeof Evaluation>;

export const Neighbor = z.object({
  imageId: ImageId.nullable(),
  path: z.string(),
  class: z.string(),
  distance: z.number(),
  hit: z.boolean().nullable(),
});
export type Neighbor = z.infer<typeof Neighbor>;

/** A query and how badly it fails, for the list that is read worst first. */
export const QueryResult = z.object({
  imageId: ImageId,
  path: z.string(),
  class: z.string(),
  /** 1-based rank of the first neighbour of the query's class; null when it is beyond the stored list. */
  firstHitRank: z.int().nullable(),
  /** Distance to the nearest wrong neighbour minus distance to the nearest right one; negative is a failure. */
  margin: z.number().nullable(),
  averagePrecisionAtR: z.number(),
  nearest: Neighbor.nullable(),
});
export type QueryResult = z.infer<typeof QueryResult>;
