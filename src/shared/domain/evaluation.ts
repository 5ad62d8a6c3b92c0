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
import { StartingWeights } from './weights.ts';

/**
 * A score with its 95 % interval over queries, and the wider one over classes, which is the one to read for a claim about
 * other classes; scores of fewer than four classes and some older evaluations lack it. Means of queries are bootstrapped;
 * NMI, AMI and pair F1 take half samples around the value, with the clustering as given.
 */
export const Score = z.object({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  classLow: z.number().optional(),
  classHigh: z.number().optional(),
  /** Of FNMR@FMR: where the threshold comes from, and what it does on the scored pairs. */
  operating: z
    .object({
      /** Distance below which a pair is called a match. */
      threshold: z.number(),
      /** Part whose pairs gave the threshold. */
      chosenOn: z.string(),
      /** False match rate on the scored part. */
      fmr: z.number(),
    })
    .optional(),
});
export type Score = z.infer<typeof Score>;

/** What a query is searched in. */
export const Gallery = z.discriminatedUnion('kind', [
  /** All other images of the part, itself excluded by identity. */
  z.strictObject({ kind: z.literal('rest') }),
  /** Another part of the split, as In-Shop has it. */
  z.strictObject({ kind: z.literal('part'), part: PartName }),
  /** So many images of every class, drawn by the seed; the others are the queries. */
  z.strictObject({
    kind: z.literal('per-class'),
    images: z.int().min(1).max(1000),
    seed: z.int().nonnegative().default(0),
  }),
]);
export type Gallery = z.infer<typeof Gallery>;

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
  /** What queries are searched in, in words, with the content of another part. Older evaluations: all other images. */
  gallery: z.string().optional(),
  duplicatePolicy: z.string(),
  checkpointRule: z.string(),
  bootstrapSeed: z.int(),
  bootstrapSamples: z.int(),
});
export type Protocol = z.infer<typeof Protocol>;

/**
 * Keys: recall@K for every K asked for, precision@1, mrr, map@r, r-precision; macro-precision@1 (mean over classes);
 * knn@5 and centroid (micro accuracies), macro-knn@5, macro-centroid;
 * accuracy@1 and macro-accuracy of the run's own classifier, where all classes were trained on; nmi, nmi-geometric, ami, pair-f1;
 * fnmr@fmr=F for F of 0.1, 0.01, 0.001, 0.0001.
 */
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
  z.object({
    kind: z.literal('zero-shot'),
    backbone: z.string(),
    size: z.int(),
    /** Absent for those that come with Plumage. */
    weights: StartingWeights.optional(),
  }),
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
  /** 1-based rank of that neighbour however far down; absent in older evaluations. */
  rank: z.int().optional(),
  rPrecision: z.number().optional(),
  nearest: Neighbor.nullable(),
});
export type QueryResult = z.infer<typeof QueryResult>;

/** How a class does; averages over its queries. */
export const ClassResult = z.object({
  classId: z.int(),
  class: z.string(),
  queries: z.int(),
  /** Hits at the first place. */
  hits: z.int(),
  recallAt1: z.number(),
  averagePrecisionAtR: z.number(),
  rPrecision: z.number(),
  reciprocalRank: z.number(),
  /** The class that its failing queries find first most often. */
  confusedWith: z.object({ classId: z.int(), class: z.string(), queries: z.int() }).nullable(),
});
export type ClassResult = z.infer<typeof ClassResult>;

/** One score of two evaluations of the same queries: second minus first. */
export const ScoreDifference = z.object({
  key: z.string(),
  first: z.number(),
  second: z.number(),
  difference: Score,
  /** Two-sided sign-flip permutation test over queries, and over classes. */
  p: z.number(),
  classP: z.number().nullable(),
});
export type ScoreDifference = z.infer<typeof ScoreDifference>;

export const Comparison = z.object({
  first: EvaluationId,
  second: EvaluationId,
  queries: z.int(),
  classes: z.int(),
  rows: z.array(ScoreDifference),
});
export type Comparison = z.infer<typeof Comparison>;

/** A row of a paper, shown beside ours. */
export const PublishedRow = z.object({
  method: z.string(),
  dim: z.int().nullable(),
  backbone: z.string().nullable(),
  /** By the keys of `Scores`; shares, not percent. */
  scores: z.record(z.string(), z.number()),
});
export type PublishedRow = z.infer<typeof PublishedRow>;
