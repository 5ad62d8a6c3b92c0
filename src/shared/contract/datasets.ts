import { z } from 'zod';
import { ClassSummary, DatasetSummary, DuplicateGroup, ImportProblem, Layout } from '../domain/dataset.ts';
import { DatasetId, JobId, Ref } from '../domain/ids.ts';
import { type ContractPart, call } from './definition.ts';

const Page = { offset: z.int().nonnegative().default(0), limit: z.int().min(1).max(1000).default(100) };
const Path = z.string().min(1).max(4096);

export const datasets = {
  calls: {
    list: call({
      input: z.strictObject({ removed: z.boolean().default(false) }),
      output: z.array(DatasetSummary),
    }),
    get: call({
      input: z.strictObject({ dataset: Ref }),
      output: DatasetSummary,
      errors: ['not-found'],
    }),
    /** What an import would find, without writing anything: counts are complete, samples are a few. */
    preview: call({
      input: z.strictObject({ path: Path, layout: Layout.default('auto') }),
      output: z.object({
        path: z.string(),
        layout: Layout,
        suggestedName: z.string(),
        files: z.int(),
        otherFiles: z.int(),
        bytes: z.number(),
        classes: z.array(z.object({ name: z.string(), images: z.int() })),
        warnings: z.array(z.string()),
        /** An existing dataset of the same folder: importing again updates it. */
        existing: DatasetId.nullable(),
      }),
      errors: ['not-found', 'bad-input', 'no-permission'],
    }),
    /** Starts an import; its result is the job's result. Importing the same folder again changes nothing that is equal. */
    import: call({
      input: z.strictObject({
        path: Path,
        name: z.string().trim().min(1).max(120).optional(),
        layout: Layout.default('auto'),
        licence: z.string().max(4000).optional(),
      }),
      output: z.object({ jobId: JobId, datasetId: DatasetId }),
      errors: ['not-found', 'bad-input', 'no-permission', 'conflict'],
    }),
    classes: call({
      input: z.strictObject({ dataset: Ref }),
      output: z.array(ClassSummary),
      errors: ['not-found'],
    }),
    problems: call({
      input: z.strictObject({ dataset: Ref, ...Page }),
      output: z.object({ total: z.int(), rows: z.array(ImportProblem) }),
      errors: ['not-found'],
    }),
    /** Groups of exact copies (same bytes or pixels) and near copies (perceptual hash). */
    duplicates: call({
      input: z.strictObject({ dataset: Ref, ...Page }),
      output: z.object({
        total: z.int(),
        exactGroups: z.int(),
        nearGroups: z.int(),
        rows: z.array(DuplicateGroup),
      }),
      errors: ['not-found'],
    }),
    /** Takes the dataset off the shelf; `restore` puts it back. Files are never touched. */
    remove: call({ input: z.strictObject({ dataset: Ref }), output: z.void(), errors: ['not-found'] }),
    restore: call({ input: z.strictObject({ dataset: Ref }), output: z.void(), errors: ['not-found'] }),
  },
  streams: {},
} satisfies ContractPart;
