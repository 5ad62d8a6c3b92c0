import { z } from 'zod';
import { JobId, Ref } from '../domain/ids.ts';
import { type ContractPart, call } from './definition.ts';

export const ExportKind = z.enum([
  'dataset',
  'split',
  'embeddings',
  'neighbors',
  'classes',
  'queries',
  'triplets',
  'report',
]);
export const ExportFormat = z.enum(['csv', 'json', 'npy', 'safetensors', 'html']);

export const exports_ = {
  calls: {
    /** Writes files for other programs; the job's result is `{ files }`. Nothing that exists is overwritten unless asked. */
    start: call({
      input: z.strictObject({
        what: ExportKind,
        /** The dataset, split, run, evaluation or refresh to write, by name or id. */
        source: Ref,
        format: ExportFormat.optional(),
        out: z.string().min(1).max(4096),
        overwrite: z.boolean().default(false),
      }),
      output: z.object({ jobId: JobId }),
      errors: ['not-found', 'bad-input', 'conflict'],
    }),
  },
  streams: {},
} satisfies ContractPart;
