import { z } from 'zod';
import { presets, resolveConfig, RunSettings } from '../../src/learn/config.ts';
import { methods } from '../../src/learn/registry.ts';
import * as data from '../../src/renderer/testing/fake-data.ts';
import { type FakeParts, streamOf } from '../../src/renderer/testing/fake-client.ts';

/** Calls of the rooms answered in the page: real schemas of methods and settings, made-up rows. */
export function fakeEngine(empty: boolean): FakeParts {
  const other = { ...data.run, id: 'run_norm00001', name: 'normalised softmax', method: 'normalized-softmax', status: 'done' as const, step: 486, epoch: 6, bestValidation: 0.688, config: { ...data.run.config, seed: 2 }, createdAt: data.run.createdAt - 900_000 };
  const failed = { ...other, id: 'run_fail00001', name: 'scale 400', status: 'failed' as const, bestValidation: null, step: 30, error: { code: 'diverged', message: 'The loss was not a number at step 31. The checkpoint of step 0 is kept; lower the scale and start again.' }, createdAt: data.run.createdAt - 1_900_000 };
  const runs = empty ? [] : [data.run, other, failed];
  const json = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' });
  const verdicts = new Map<number, ReturnType<typeof data.triplet>['verdict']>();
  return {
    datasets: {
      list: async () => [data.dataset],
      get: async () => data.dataset,
      classes: async () => data.classes,
    },
    images: {
      get: async ({ imageId }) => ({ ...data.imageRow(imageId), datasetId: data.dataset.id, contentHash: data.HASH, perceptualHash: 'c3a5f00e1d2b4c69', format: 'png', channels: 4, sizeBytes: 12_340, importedClassName: data.classOf(imageId).name, duplicates: [], history: [] }),
      query: async () => ({ queryId: 'q', count: 48, revision: 3 }),
      slice: async ({ limit }) => Array.from({ length: limit }, (_, id) => data.imageRow(id + 1)),
      tags: async () => [],
    },
    splits: {
      list: async () => (empty ? [] : [data.split, { ...data.split, id: 'split_seen0001', name: 'images of every class', kind: 'stratified' as const, leaks: [], stale: true, createdAt: data.split.createdAt - 1000 }]),
      create: async () => data.split,
      leaks: async ({ offset = 0, limit = 100 }) => ({ total: data.leaks.length, rows: data.leaks.slice(offset, offset + limit) }),
      remove: async () => undefined,
    },
    runs: {
      list: async () => runs,
      get: async ({ run }) => runs.find((one) => one.id === run) ?? data.run,
      options: async () => ({
        methods: methods.map((method) => ({ id: method.id, title: method.title, summary: method.summary, source: method.source, schema: json(method.schema) })),
        presets: presets.map((preset) => ({ ...preset, settings: { ...preset.settings } })),
        backbones: [{ id: 'mobilenet-v2-0.35', title: 'MobileNetV2 0.35', featureDim: 1280, size: 224, licence: 'Apache-2.0' }],
        settings: json(RunSettings),
      }),
      check: async ({ method = 'soft-triple', preset, settings = {} }) => {
        const resolved = resolveConfig({ method, preset, settings }, { classes: 476, minImagesPerClass: 5, trainImages: 2570, cores: 2, memoryBytes: 24e9 });
        return { ...resolved, config: resolved.config === null ? null : { ...resolved.config }, problems: [...resolved.problems], warnings: [...resolved.warnings] };
      },
      points: async ({ run }) => data.points(run === data.run.id ? 310 : 486, run === data.run.id ? 0 : 1),
      log: async () => [
        { at: data.run.createdAt, level: 'info', message: 'TensorFlow 2.21 on 2 cores, steps recorded.' },
        { at: data.run.createdAt + 900, level: 'warn', message: 'Two images could not be decoded and are left out.' },
        { at: data.run.createdAt + 60_000, level: 'info', message: 'Epoch 1: loss 3.912, validation R@1 0.604.' },
      ],
      events: () => streamOf([{ seq: 310, run: data.run }]),
    },
    evaluations: {
      list: async () => (empty ? [] : [data.evaluation]),
      failures: async ({ offset = 0, limit = 100, onlyMisses = true }) => {
        const total = onlyMisses ? 1053 : 2854;
        return { total, misses: 1053, rows: Array.from({ length: Math.min(limit, total - offset) }, (_, row) => data.failure(offset + row)) };
      },
    },
    neighbors: {
      ofImage: async ({ evaluation, imageId, k = 10 }) => ({
        query: { imageId, path: data.imageRow(imageId).path, class: data.classOf(imageId).name },
        neighbors: data.neighborsOf(imageId, k, evaluation === data.evaluation.id ? 0 : 5),
      }),
    },
    triplets: {
      refreshes: async () => (empty ? [] : [data.refresh]),
      list: async ({ offset = 0, limit = 50 }) => ({
        total: data.refresh.triplets,
        reviewed: verdicts.size,
        rows: Array.from({ length: Math.min(limit, data.refresh.triplets - offset) }, (_, row) => ({ ...data.triplet(offset + row), verdict: verdicts.get(offset + row) ?? null })),
      }),
    },
    curation: {
      apply: async ({ edit }) => {
        if (edit.kind === 'verdict') verdicts.set(edit.row, edit.verdict);
        return { eventId: 1, revision: 4, changed: 1, summary: 'Written.' };
      },
      undo: async () => ({ eventId: 2, revision: 5, changed: 1, summary: 'The verdict was taken back.' }),
    },
  };
}
