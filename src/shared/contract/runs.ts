import { z } from 'zod';
import { JobId, Ref, RunId } from '../domain/ids.ts';
import { LogLine } from '../domain/job.ts';
import { Run, RunPoint, RunRequest } from '../domain/run.ts';
import { type ContractPart, call, stream } from './definition.ts';

/** A JSON Schema of an object with defaults, titles and descriptions: the form is drawn from it. */
const JsonSchema = z.record(z.string(), z.unknown());

export const MethodInfo = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  source: z.string(),
  /** Which kind of comparison it learns from: centers, classification, pairs, triplets or structure. */
  family: z.string(),
  /** The loss in the paper's symbols, one line. */
  formula: z.string(),
  /** Run settings that it wants where neither a preset nor the person says otherwise. */
  defaults: z.record(z.string(), z.unknown()),
  schema: JsonSchema,
});
export type MethodInfo = z.infer<typeof MethodInfo>;

export const PresetInfo = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  method: z.string(),
  settings: z.record(z.string(), z.unknown()),
});
export type PresetInfo = z.infer<typeof PresetInfo>;

export const runs = {
  calls: {
    list: call({
      input: z.strictObject({ dataset: Ref.optional() }),
      output: z.array(Run),
      errors: ['not-found'],
    }),
    get: call({ input: z.strictObject({ run: Ref }), output: Run, errors: ['not-found'] }),
    /** Everything that the run form needs: methods, presets, backbones, and the schema of the settings shared by all methods. */
    options: call({
      input: z.strictObject({}),
      output: z.object({
        methods: z.array(MethodInfo),
        presets: z.array(PresetInfo),
        backbones: z.array(
          z.object({
            id: z.string(),
            title: z.string(),
            featureDim: z.int(),
            size: z.int(),
            /** Of the weights that come with Plumage; null where a person brings them. */
            licence: z.string().nullable(),
          }),
        ),
        settings: JsonSchema,
      }),
    }),
    /** Fills and checks a request without starting it: the resolved settings, or a sentence for each field that is wrong. */
    check: call({
      input: RunRequest,
      output: z.object({
        config: z.record(z.string(), z.unknown()).nullable(),
        problems: z.array(z.object({ field: z.string(), message: z.string() })),
        warnings: z.array(z.string()),
        steps: z.int().nullable(),
      }),
      errors: ['not-found'],
    }),
    start: call({
      input: RunRequest,
      output: z.object({ runId: RunId, jobId: JobId }),
      errors: ['not-found', 'bad-input', 'conflict'],
    }),
    pause: call({ input: z.strictObject({ run: Ref }), output: z.void(), errors: ['not-found', 'conflict'] }),
    /** Stops at the next step; with `checkpoint` the state is kept so that the run can be resumed. */
    stop: call({
      input: z.strictObject({ run: Ref, mode: z.enum(['checkpoint', 'discard']).default('checkpoint') }),
      output: z.void(),
      errors: ['not-found', 'conflict'],
    }),
    resume: call({
      input: z.strictObject({ run: Ref }),
      output: z.object({ jobId: JobId }),
      errors: ['not-found', 'conflict'],
    }),
    rename: call({
      input: z.strictObject({ run: Ref, name: z.string().trim().min(1).max(120) }),
      output: z.void(),
      errors: ['not-found', 'conflict'],
    }),
    remove: call({
      input: z.strictObject({ run: Ref }),
      output: z.void(),
      errors: ['not-found', 'conflict'],
    }),
    points: call({
      input: z.strictObject({
        run: Ref,
        since: z.int().nonnegative().default(0),
        limit: z.int().min(1).max(20_000).default(5000),
      }),
      output: z.array(RunPoint),
      errors: ['not-found'],
    }),
    log: call({
      input: z.strictObject({ run: Ref, limit: z.int().min(1).max(5000).default(500) }),
      output: z.array(LogLine),
      errors: ['not-found'],
    }),
  },
  streams: {
    /** Tells that points up to `seq` exist and the run's state; the points themselves are read with `points`. */
    events: stream({
      input: z.strictObject({ run: Ref }),
      item: z.object({ seq: z.int(), run: Run }),
    }),
  },
} satisfies ContractPart;
