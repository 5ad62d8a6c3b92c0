import { z } from 'zod';
import { JobId, Timestamp } from './ids.ts';

export const JobKind = z.enum(['import', 'duplicates', 'train', 'embed', 'evaluate', 'mine', 'export']);
export type JobKind = z.infer<typeof JobKind>;

export const JobStatus = z.enum(['queued', 'running', 'paused', 'done', 'failed', 'cancelled']);
export type JobStatus = z.infer<typeof JobStatus>;

/** A failure as people see it: what happened, to which thing, what to do next. */
export const Failure = z.object({
  code: z.string(),
  message: z.string(),
  details: z.unknown().optional(),
});
export type Failure = z.infer<typeof Failure>;

export const JobProgress = z.object({
  /** What is being done now, e.g. "Embedding test images". */
  phase: z.string(),
  done: z.number(),
  /** null while the total is unknown. */
  total: z.number().nullable(),
  unit: z.string(),
  perSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
});
export type JobProgress = z.infer<typeof JobProgress>;

export const Job = z.object({
  id: JobId,
  kind: JobKind,
  title: z.string(),
  status: JobStatus,
  progress: JobProgress.nullable(),
  /** The dataset, run or other thing that the job works on. */
  subject: z.string().nullable(),
  result: z.unknown().nullable(),
  error: Failure.nullable(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
});
export type Job = z.infer<typeof Job>;

export const LogLine = z.object({
  at: Timestamp,
  level: z.enum(['info', 'warn', 'error']),
  message: z.string(),
});
export type LogLine = z.infer<typeof LogLine>;
