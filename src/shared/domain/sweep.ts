import { z } from 'zod';
import { DatasetId, Ref, RunId, SplitId, SweepId, Timestamp } from './ids.ts';
import { BackendChoice, RunStatus } from './run.ts';

/** One value that a trial may give to a setting. */
export const AxisValue = z.union([z.number(), z.string().max(200), z.boolean(), z.array(z.number()).max(20)]);
export type AxisValue = z.infer<typeof AxisValue>;

/** What a setting runs through: values, or a range that random trials draw from and a grid cuts into `steps`. */
export const SweepAxis = z.union([
  z.array(AxisValue).min(1).max(100),
  z.strictObject({
    from: z.number(),
    to: z.number(),
    scale: z.enum(['linear', 'log']).default('linear'),
    /** Values of a grid. */
    steps: z.int().min(2).max(100).default(5),
    whole: z.boolean().default(false),
  }),
]);
export type SweepAxis = z.infer<typeof SweepAxis>;

/** A search over settings on the validation classes. Fields as in a run's request; `axes` is what varies. */
export const SweepRequest = z.strictObject({
  dataset: Ref,
  split: Ref,
  name: z.string().trim().min(1).max(100).optional(),
  method: z.string().max(60).default('soft-triple'),
  preset: z.string().max(60).optional(),
  backbone: z.string().max(60).optional(),
  backend: BackendChoice.default('auto'),
  settings: z.record(z.string().max(60), z.unknown()).default({}),
  /** By field of the run's or the method's settings; `method` and `backbone` may vary as well. */
  axes: z.record(z.string().max(60), SweepAxis),
  strategy: z.enum(['grid', 'random']).default('grid'),
  /** Random trials; a grid takes all its combinations. */
  trials: z.int().min(1).max(500).default(12),
  seed: z.int().min(0).max(2_147_483_647).default(1),
});
export type SweepRequest = z.infer<typeof SweepRequest>;

export const SweepTrial = z.object({
  /** From 1, in the order of their start. */
  number: z.int(),
  runId: RunId,
  runName: z.string(),
  status: RunStatus,
  /** What this trial gave to the axes. */
  values: z.record(z.string(), AxisValue),
  /** Best Recall@1 on the validation classes so far. */
  validation: z.number().nullable(),
  finalLoss: z.number().nullable(),
  step: z.int(),
  steps: z.int(),
  seconds: z.number(),
  /** Why it failed. */
  error: z.string().nullable(),
});
export type SweepTrial = z.infer<typeof SweepTrial>;

export const Sweep = z.object({
  id: SweepId,
  name: z.string(),
  datasetId: DatasetId,
  datasetName: z.string(),
  splitId: SplitId,
  splitName: z.string(),
  method: z.string(),
  strategy: z.enum(['grid', 'random']),
  axes: z.array(z.string()),
  /** `running` while any trial runs or waits, `paused` where the rest waits for a person, else `done`. */
  status: z.enum(['running', 'paused', 'done']),
  trials: z.array(SweepTrial),
  /** The trial with the highest validation score. */
  best: RunId.nullable(),
  createdAt: Timestamp,
});
export type Sweep = z.infer<typeof Sweep>;
