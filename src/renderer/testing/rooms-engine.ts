import type { Client } from '../../shared/contract/index.ts';
import { type FakeParts, streamOf } from './fake-client.ts';
import * as data from './fake-data.ts';

export interface RoomsOptions {
  /** No split, run, evaluation or triplet yet. */
  readonly empty?: boolean;
  readonly options?: Client['runs']['options'];
  readonly check?: Client['runs']['check'];
}

/** Calls of the rooms Splits, Runs, Triplets and Neighbours, answered with made-up rows. Verdicts are kept. */
export function roomsEngine({ empty = false, options, check }: RoomsOptions = {}): FakeParts {
  const other = {
    ...data.run,
    id: 'run_norm00001',
    name: 'normalised softmax',
    method: 'normalized-softmax',
    status: 'done' as const,
    step: 486,
    epoch: 6,
    bestValidation: 0.688,
    config: { ...data.run.config, seed: 2 },
    createdAt: data.run.createdAt - 900_000,
  };
  const failed = {
    ...other,
    id: 'run_fail00001',
    name: 'scale 400',
    status: 'failed' as const,
    bestValidation: null,
    step: 30,
    error: {
      code: 'diverged',
      message:
        'The loss was not a number at step 31. The checkpoint of step 0 is kept; lower the scale and start again.',
    },
    createdAt: data.run.createdAt - 1_900_000,
  };
  const runs = empty ? [] : [data.run, other, failed];
  const verdicts = new Map<number, ReturnType<typeof data.triplet>['verdict']>();
  return {
    datasets: {
      list: async () => [data.dataset],
      get: async () => data.dataset,
      classes: async () => data.classes,
    },
    images: {
      get: async ({ imageId }) => ({
        ...data.imageRow(imageId),
        datasetId: data.dataset.id,
        contentHash: data.HASH,
        perceptualHash: 'c3a5f00e1d2b4c69',
        format: 'png',
        channels: 4,
        sizeBytes: 12_340,
        importedClassName: data.classOf(imageId).name,
        duplicates: [],
        history: [],
      }),
      query: async () => ({ queryId: 'q', count: 48, revision: 3 }),
      slice: async ({ limit }) => Array.from({ length: limit }, (_, id) => data.imageRow(id + 1)),
      tags: async () => [],
    },
    splits: {
      list: async () =>
        empty
          ? []
          : [
              data.split,
              {
                ...data.split,
                id: 'split_seen0001',
                name: 'images of every class',
                kind: 'stratified' as const,
                leaks: [],
                stale: true,
                createdAt: data.split.createdAt - 1000,
              },
            ],
      create: async () => data.split,
      leaks: async ({ offset = 0, limit = 100 }) => ({
        total: data.leaks.length,
        rows: data.leaks.slice(offset, offset + limit),
      }),
      remove: async () => undefined,
    },
    runs: {
      list: async () => runs,
      get: async ({ run }) => runs.find((one) => one.id === run) ?? data.run,
      options: options ?? (async () => SMALL_OPTIONS),
      check:
        check ??
        (async () => ({
          config: { ...data.run.config },
          problems: [],
          warnings: ['Two classes have two images.'],
          steps: 480,
        })),
      points: async ({ run }) => data.points(run === data.run.id ? 310 : 486, run === data.run.id ? 0 : 1),
      log: async () => [
        { at: data.run.createdAt, level: 'info', message: 'TensorFlow 2.21 on 2 cores, steps recorded.' },
        {
          at: data.run.createdAt + 900,
          level: 'warn',
          message: 'Two images could not be decoded and are left out.',
        },
        {
          at: data.run.createdAt + 60_000,
          level: 'info',
          message: 'Epoch 1: loss 3.912, validation R@1 0.604.',
        },
      ],
      events: () => streamOf([{ seq: 310, run: data.run }]),
    },
    evaluations: {
      list: async () =>
        empty
          ? []
          : [
              data.evaluation,
              {
                ...data.evaluation,
                id: 'eval_norm00001',
                source: {
                  kind: 'run' as const,
                  runId: 'run_norm00001',
                  runName: 'normalised softmax',
                  checkpoint: 'best',
                  step: 486,
                },
                title: 'normalised softmax, best checkpoint',
                createdAt: data.evaluation.createdAt - 900_000,
              },
            ],
      classes: async ({ offset = 0, limit = 100 }) => ({
        total: 528,
        rows: data.classes.slice(offset, offset + limit).map(({ id, name }, index) => ({
          classId: id,
          class: name,
          queries: 6,
          hits: Math.min(6, index),
          recallAt1: Math.min(6, index) / 6,
          averagePrecisionAtR: index / 10,
          rPrecision: index / 9,
          reciprocalRank: index / 8,
          confusedWith: index > 5 ? null : { classId: 2, class: 'beaming face', queries: 6 - index },
        })),
      }),
      compare: async ({ first, second }) => ({
        first,
        second,
        queries: 2854,
        classes: 528,
        rows: [
          {
            key: 'recall@1',
            first: 0.6,
            second: 0.631,
            difference: { value: 0.031, low: 0.012, high: 0.05 },
            p: 0.0001,
            classP: 0.002,
          },
          {
            key: 'map@r',
            first: 0.4,
            second: 0.402,
            difference: { value: 0.002, low: -0.01, high: 0.014 },
            p: 0.7,
            classP: 0.8,
          },
        ],
      }),
      published: async () => ({
        dataset: 'CUB-200-2011',
        rows: [{ method: 'SoftTriple', dim: 64, backbone: null, scores: { 'recall@1': 0.601, nmi: 0.662 } }],
      }),
      failures: async ({ offset = 0, limit = 100, onlyMisses = true }) => {
        const total = onlyMisses ? 1053 : 2854;
        return {
          total,
          misses: 1053,
          rows: Array.from({ length: Math.min(limit, total - offset) }, (_, row) =>
            data.failure(offset + row),
          ),
        };
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
        rows: Array.from({ length: Math.min(limit, data.refresh.triplets - offset) }, (_, row) => ({
          ...data.triplet(offset + row),
          verdict: verdicts.get(offset + row) ?? null,
        })),
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

const SMALL_OPTIONS = {
  methods: [
    {
      id: 'soft-triple',
      title: 'SoftTriple',
      summary: 'Several centres a class.',
      source: 'Qian et al., ICCV 2019',
      family: 'centers',
      formula: '−log softmax(λ·S)',
      defaults: {},
      schema: {
        type: 'object',
        properties: {
          scale: { type: 'number', exclusiveMinimum: 0, maximum: 1000, default: 20, title: 'Scale' },
        },
      },
    },
  ],
  presets: [
    {
      id: 'demo',
      title: 'Small set',
      summary: 'Minutes on two cores.',
      method: 'soft-triple',
      settings: { epochs: 6 },
    },
  ],
  backbones: [],
  settings: {
    type: 'object',
    properties: {
      epochs: { type: 'integer', minimum: 1, maximum: 10_000, default: 50, title: 'Epochs' },
      flip: { type: 'boolean', default: false, title: 'Flip' },
      schedule: { type: 'string', enum: ['cosine', 'step'], default: 'cosine', title: 'Schedule' },
    },
  },
};
