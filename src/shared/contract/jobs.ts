import { z } from 'zod';
import { JobId } from '../domain/ids.ts';
import { Job, LogLine } from '../domain/job.ts';
import { type ContractPart, call, stream } from './definition.ts';

const One = z.strictObject({ jobId: JobId });

export const jobs = {
  calls: {
    list: call({
      input: z.strictObject({
        active: z.boolean().default(false),
        limit: z.int().min(1).max(500).default(100),
      }),
      output: z.array(Job),
    }),
    get: call({ input: One, output: Job, errors: ['not-found'] }),
    pause: call({ input: One, output: z.void(), errors: ['not-found', 'conflict'] }),
    stop: call({ input: One, output: z.void(), errors: ['not-found', 'conflict'] }),
    resume: call({ input: One, output: z.void(), errors: ['not-found', 'conflict'] }),
    remove: call({ input: One, output: z.void(), errors: ['not-found', 'conflict'] }),
    log: call({
      input: z.strictObject({ jobId: JobId, limit: z.int().min(1).max(5000).default(500) }),
      output: z.array(LogLine),
      errors: ['not-found'],
    }),
  },
  streams: {
    /** One job until it ends; ends itself with the last state. */
    watch: stream({ input: One, item: Job }),
    /** All jobs that are queued, running or paused, whenever one of them changes. */
    active: stream({ input: z.strictObject({}), item: z.array(Job) }),
  },
} satisfies ContractPart;
