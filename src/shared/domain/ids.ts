import { z } from 'zod';

/**
 * Identifiers of catalogue rows. Images and classes are numbers (millions of rows, kept in typed arrays);
 * everything else is a short prefixed text that can be read aloud and pasted.
 */
export const DatasetId = z.string().regex(/^ds_[a-z0-9]{8,32}$/);
export const SplitId = z.string().regex(/^split_[a-z0-9]{8,32}$/);
export const RunId = z.string().regex(/^run_[a-z0-9]{8,32}$/);
export const JobId = z.string().regex(/^job_[a-z0-9]{8,32}$/);
export const EmbeddingId = z.string().regex(/^emb_[a-z0-9]{8,32}$/);
export const EvaluationId = z.string().regex(/^eval_[a-z0-9]{8,32}$/);
export const RefreshId = z.string().regex(/^mine_[a-z0-9]{8,32}$/);
export const ImageId = z.int().positive();
export const ClassId = z.int().positive();

export type DatasetId = z.infer<typeof DatasetId>;
export type SplitId = z.infer<typeof SplitId>;
export type RunId = z.infer<typeof RunId>;
export type JobId = z.infer<typeof JobId>;
export type EmbeddingId = z.infer<typeof EmbeddingId>;
export type EvaluationId = z.infer<typeof EvaluationId>;
export type RefreshId = z.infer<typeof RefreshId>;
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
