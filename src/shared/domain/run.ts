import { z } from 'zod';
import { ContentHash, DatasetId, JobId, Ref, RunId, SplitId, SweepId, Timestamp } from './ids.ts';
import { Failure } from './job.ts';

/** What computes; `auto` takes the best that this machine has. */
export const BackendChoice = z.enum(['auto', 'tensorflow-gpu', 'tensorflow', 'wasm']);
export type BackendChoice = z.infer<typeof BackendChoice>;

/** What a person asks for; everything left out is filled from the preset, then from the method's defaults. */
export const RunRequest = z.strictObject({
  dataset: Ref,
  split: Ref,
  name: z.string().trim().min(1).max(120).optional(),
  method: z.string().max(60).default('soft-triple'),
  preset: z.string().max(60).optional(),
  backbone: z.string().max(60).optional(),
  backend: BackendChoice.default('auto'),
  /** Any field of the run's or the method's schema by its name; unknown names are refused with a sentence. */
  settings: z.record(z.string().max(60), z.unknown()).default({}),
});
export type RunRequest = z.infer<typeof RunRequest>;

export const RunStatus = z.enum(['queued', 'running', 'paused', 'done', 'stopped', 'failed']);
export type RunStatus = z.infer<typeof RunStatus>;

export const CheckpointKind = z.enum(['step', 'last', 'best']);
export const Checkpoint = z.object({
  step: z.int(),
  epoch: z.number(),
  kind: CheckpointKind,
  file: ContentHash,
  validation: z.number().nullable(),
  at: Timestamp,
});
export type Checkpoint = z.infer<typeof Checkpoint>;

export const Run = z.object({
  id: RunId,
  name: z.string(),
  datasetId: DatasetId,
  datasetName: z.string(),
  datasetRevision: z.int(),
  stale: z.boolean(),
  splitId: SplitId,
  splitName: z.string(),
  /** The search over settings that it is a trial of. */
  sweepId: SweepId.nullable(),
  method: z.string(),
  /** Every setting with its resolved value (run settings, method settings under `method`), versions and seed. */
  config: z.record(z.string(), z.unknown()),
  status: RunStatus,
  jobId: JobId.nullable(),
  step: z.int(),
  steps: z.int(),
  epoch: z.number(),
  epochs: z.number(),
  finalLoss: z.number().nullable(),
  bestValidation: z.number().nullable(),
  checkpoints: z.array(Checkpoint),
  error: Failure.nullable(),
  seconds: z.number(),
  createdAt: Timestamp,
});
export type Run = z.infer<typeof Run>;

/**
 * One point of the curves. `values` holds whatever was measured at that step under standard names, among them loss,
 * learningRate (of the backbone), recallAt1 (validation), gradientNorm, imagesPerSecond, and the method's own figures.
 */
export const RunPoint = z.object({
  seq: z.int(),
  step: z.int(),
  epoch: z.number(),
  values: z.record(z.string(), z.number()),
});
export type RunPoint = z.infer<typeof RunPoint>;
