import { z } from 'zod';
import { DuplicateKind, ImageRow } from './dataset.ts';
import { ContentHash, DatasetId, SplitId, Timestamp } from './ids.ts';

export const SplitKind = z.enum(['class-disjoint', 'stratified', 'k-fold', 'official']);
export type SplitKind = z.infer<typeof SplitKind>;

export const PartName = z.enum(['train', 'validation', 'test', 'query', 'gallery']);
export type PartName = z.infer<typeof PartName>;

export const PartCounts = z.object({ classes: z.int(), images: z.int() });

/** How many images of one part have a copy in another. */
export const LeakCount = z.object({
  from: PartName,
  to: PartName,
  exact: z.int(),
  near: z.int(),
});
export type LeakCount = z.infer<typeof LeakCount>;

export const SplitSummary = z.object({
  id: SplitId,
  name: z.string(),
  datasetId: DatasetId,
  datasetRevision: z.int(),
  /** True when the dataset has changed since: the split still names the labels that it saw. */
  stale: z.boolean(),
  kind: SplitKind,
  seed: z.int(),
  /** SHA-256 over the members and their labels: two splits with the same hash are the same split. */
  hash: ContentHash,
  train: PartCounts,
  validation: PartCounts,
  test: PartCounts,
  leaks: z.array(LeakCount),
  createdAt: Timestamp,
});
export type SplitSummary = z.infer<typeof SplitSummary>;

export const LeakPair = z.object({
  kind: DuplicateKind,
  distance: z.int(),
  from: PartName,
  to: PartName,
  a: ImageRow,
  b: ImageRow,
});
export type LeakPair = z.infer<typeof LeakPair>;
