import { z } from 'zod';
import { type ContractPart, call, stream } from './definition.ts';

export const BackendReport = z.object({
  id: z.enum(['tensorflow-gpu', 'tensorflow', 'webgpu', 'wasm']),
  available: z.boolean(),
  inUse: z.boolean(),
  /** Why not, and what to do about it; or, where available, what it is. */
  reason: z.string(),
  version: z.string().nullable(),
});
export type BackendReport = z.infer<typeof BackendReport>;

export const DoctorReport = z.object({
  version: z.string(),
  backends: z.array(BackendReport),
  electron: z.string().nullable(),
  node: z.string(),
  platform: z.string(),
  cpu: z.object({ model: z.string(), cores: z.int() }),
  memoryBytes: z.number(),
  library: z.object({
    path: z.string(),
    schemaVersion: z.int(),
    sizeBytes: z.number(),
    datasets: z.int(),
    images: z.int(),
  }),
  disk: z.object({ path: z.string(), freeBytes: z.number() }),
  cache: z.object({ path: z.string(), sizeBytes: z.number() }),
});
export type DoctorReport = z.infer<typeof DoctorReport>;

export const ChangeTopic = z.enum([
  'datasets',
  'images',
  'splits',
  'runs',
  'evaluations',
  'triplets',
  'weights',
  'jobs',
  'serve',
]);

export const system = {
  calls: {
    info: call({
      input: z.strictObject({}),
      output: z.object({ version: z.string(), libraryPath: z.string(), pid: z.int(), startedAt: z.int() }),
    }),
    doctor: call({ input: z.strictObject({}), output: DoctorReport }),
    /** Opens the studio to browsers of this machine: loopback only, behind a token that is valid once in a URL. */
    serve: call({
      input: z.strictObject({ port: z.int().min(0).max(65_535).default(0) }),
      output: z.object({ url: z.string(), port: z.int() }),
      errors: ['port-in-use', 'no-permission'],
    }),
    unserve: call({ input: z.strictObject({}), output: z.void() }),
    /** Texts of the licences of everything shipped: code, weights, demo data. */
    licences: call({
      input: z.strictObject({}),
      output: z.array(
        z.object({ name: z.string(), version: z.string(), licence: z.string(), text: z.string() }),
      ),
    }),
    /** Ends the engine once its clients are gone and no job runs; asked by the client that started it. */
    shutdown: call({
      input: z.strictObject({ force: z.boolean().default(false) }),
      output: z.object({ stopping: z.boolean() }),
    }),
  },
  streams: {
    /** Which topic changed, so that a client reads it again. `dataset` where it concerns one. */
    changes: stream({
      input: z.strictObject({}),
      item: z.object({ topics: z.array(ChangeTopic), dataset: z.string().nullable() }),
    }),
  },
} satisfies ContractPart;
