import { z } from 'zod';

/** An id whose mistake is told with the form that it should have. */
const prefixed = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}_[a-z0-9]{8,32}$`), {
    error: `it should be an id such as ${prefix}_x7k2m9p4`,
  });

/**
 * Identifiers of catalogue rows. Images and classes are numbers (millions of rows, kept in typed arrays);
 * everything else is a short prefixed text that can be read aloud and pasted.
 */
export const DatasetId = prefixed('ds');
export const SplitId = prefixed('split');
export const RunId = prefixed('run');
export const JobId = prefixed('job');
export const EmbeddingId = prefixed('emb');
export const EvaluationId = prefixed('eval');
export const RefreshId = prefixed('mine');
export const SweepId = prefixed('sweep');
export const WeightsId = prefixed('wts');
export const ImageId = z.int().positive();
export const ClassId = z.int().positive();

export type DatasetId = z.infer<typeof DatasetId>;
export type SplitId = z.infer<typeof SplitId>;
export type RunId = z.infer<typeof RunId>;
export type JobId = z.infer<typeof JobId>;
export type EmbeddingId = z.infer<typeof EmbeddingId>;
export type EvaluationId = z.infer<typeof EvaluationId>;
export type RefreshId = z.infer<typeof RefreshId>;
export type SweepId = z.infer<typeof SweepId>;
export type WeightsId = z.infer<typeof WeightsId>;
export type ImageId = z.infer<typeof ImageId>;
export type ClassId = z.infer<typeof ClassId>;

/** A name or an id, as people and scripts write it; the engine resolves it (`not-found` when it cannot). */
export const Ref = z.string().trim().min(1).max(300);
export type Ref = z.infer<typeof Ref>;

/** SHA-256 in lower-case hex: the name of a stored file. */
export const ContentHash = z.string().regex(/^[0-9a-f]{64}$/);
export type ContentHash = z.infer<typeof ContentHash>;

/** Milliseconds since 1970-01-01 UTC. */
export const Timestamp = z.int().nonnegative();
