import { z } from 'zod';
import { Verdict } from './dataset.ts';
import { DatasetId, ImageId, RefreshId, RunId, Timestamp } from './ids.ts';

export const MiningRule = z.enum(['smart', 'nearest', 'semi-hard']);
export type MiningRule = z.infer<typeof MiningRule>;

/** One mining of a whole part: per anchor at most one triplet. */
export const Refresh = z.object({
  id: RefreshId,
  runId: RunId.nullable(),
  datasetId: DatasetId,
  title: z.string(),
  rule: MiningRule,
  part: z.string(),
  step: z.int().nullable(),
  triplets: z.int(),
  anchorsWithout: z.int(),
  recallOfIndex: z.number(),
  margin: z.number(),
  /** Share of triplets with d(a,p) - d(a,n) + margin > 0. */
  activeShare: z.number(),
  /** Counts of the violation d(a,p) - d(a,n) in equal bins between `from` and `to`. */
  histogram: z.object({ from: z.number(), to: z.number(), counts: z.array(z.int()) }),
  stale: z.boolean(),
  createdAt: Timestamp,
});
export type Refresh = z.infer<typeof Refresh>;

export const TripletImage = z.object({
  imageId: ImageId,
  classId: z.int(),
  class: z.string(),
  path: z.string(),
  excluded: z.boolean(),
});

export const Triplet = z.object({
  /** Row in the refresh: its stable name there. */
  row: z.int(),
  anchor: TripletImage,
  positive: TripletImage,
  negative: TripletImage,
  /** Euclidean distances between unit-length vectors. */
  anchorPositive: z.number(),
  anchorNegative: z.number(),
  /** d(a,p) - d(a,n): the higher, the harder; smart mining keeps it below 0. */
  violation: z.number(),
  /** 1-based ranks among all other images of the part. */
  positiveRank: z.int(),
  negativeRank: z.int(),
  verdict: Verdict.nullable(),
});
export type Triplet = z.infer<typeof Triplet>;
