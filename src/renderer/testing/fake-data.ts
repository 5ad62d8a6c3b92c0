import type { ClassSummary, DatasetSummary, ImageRow } from '../../shared/domain/dataset.ts';
import type { Evaluation, Neighbor, QueryResult } from '../../shared/domain/evaluation.ts';
import type { Run, RunPoint } from '../../shared/domain/run.ts';
import type { Sweep } from '../../shared/domain/sweep.ts';
import type { LeakPair, SplitSummary } from '../../shared/domain/split.ts';
import type { Refresh, Triplet } from '../../shared/domain/triplet.ts';

/** Rows as the engine would send them, for component tests and the pages under test/rooms. Made by arithmetic. */
const AT = 1_763_820_000_000;
const NAMES = [
  'grinning face',
  'beaming face',
  'face with tears of joy',
  'winking face',
  'smiling face',
  'sleepy face',
  'nerd face',
  'astonished face',
];
export const HASH = '7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730';

export const dataset: DatasetSummary = {
  id: 'ds_emoji0001',
  name: 'emoji',
  rootPath: '/data/emoji',
  layout: 'folder',
  revision: 3,
  images: 5712,
  excluded: 2,
  classes: 1057,
  problems: 0,
  duplicateGroups: 16,
  createdAt: AT,
  cover: [1, 2, 3, 4],
  licence: null,
  removed: false,
};

export const classes: ClassSummary[] = NAMES.map((name, index) => ({
  id: index + 1,
  name,
  images: 6,
  excluded: 0,
  cover: index * 6 + 1,
}));

export function classOf(imageId: number): { id: number; name: string } {
  const index = Math.floor((imageId - 1) / 6) % NAMES.length;
  return { id: index + 1, name: NAMES[index] ?? '' };
}

export function imageRow(id: number): ImageRow {
  const owner = classOf(id);
  return {
    id,
    classId: owner.id,
    className: owner.name,
    path: `${owner.name}/${id}.png`,
    width: 128,
    height: 128,
    excluded: false,
    tags: [],
  };
}

export const split: SplitSummary = {
  id: 'split_half0001',
  name: 'half of the classes',
  datasetId: dataset.id,
  datasetRevision: 3,
  stale: false,
  kind: 'class-disjoint',
  seed: 0,
  hash: HASH,
  train: { classes: 476, images: 2570 },
  validation: { classes: 53, images: 286 },
  test: { classes: 528, images: 2854 },
  leaks: [
    { from: 'train', to: 'test', exact: 4, near: 11 },
    { from: 'validation', to: 'test', exact: 0, near: 2 },
  ],
  createdAt: AT,
};

export const leaks: LeakPair[] = Array.from({ length: 17 }, (_, index) => ({
  kind: index < 4 ? 'exact' : 'near',
  distance: index < 4 ? 0 : (index % 5) + 1,
  from: 'train',
  to: index % 6 === 5 ? 'validation' : 'test',
  a: imageRow(index * 3 + 1),
  b: imageRow(index * 3 + 20),
}));

export const run: Run = {
  id: 'run_soft00001',
  name: 'soft-triple demo',
  datasetId: dataset.id,
  datasetName: dataset.name,
  datasetRevision: 3,
  stale: false,
  splitId: split.id,
  splitName: split.name,
  sweepId: null,
  method: 'soft-triple',
  config: {
    preset: 'demo',
    size: 128,
    batch: 32,
    epochs: 6,
    seed: 1,
    method: { scale: 20, centersPerClass: 2 },
  },
  status: 'running',
  jobId: null,
  step: 310,
  steps: 486,
  epoch: 3.8,
  epochs: 6,
  finalLoss: null,
  bestValidation: 0.712,
  checkpoints: [
    { step: 243, epoch: 3, kind: 'best', file: HASH, validation: 0.712, at: AT + 120_000 },
    { step: 300, epoch: 3.7, kind: 'last', file: HASH.replace('7', '8'), validation: null, at: AT + 150_000 },
  ],
  error: null,
  seconds: 152,
  createdAt: AT,
};

export function points(count: number, shift = 0): RunPoint[] {
  return Array.from({ length: count }, (_, index) => {
    const step = index + 1;
    const wave = Math.sin(step * 1.7 + shift) * 0.15 + Math.sin(step * 0.61) * 0.1;
    const values: Record<string, number> = {
      loss: 4.9 * Math.exp(-step / 130) + 0.8 + shift * 0.2 + wave,
      learningRate: 3e-4 * (step < 20 ? step / 20 : 0.5 * (1 + Math.cos((Math.PI * step) / 486))),
      imagesPerSecond: 96 + wave * 30,
      loaderWaitShare: 0.02 + Math.abs(wave) * 0.05,
      activeShare: 0.9 * Math.exp(-step / 300) + wave * 0.1,
    };
    if (step % 81 === 0) {
      values['recallAt1'] = 0.49 + 0.24 * (1 - Math.exp(-step / 160)) - shift * 0.03;
      values['embeddingSpread'] = 0.4 + step / 2000;
      values['distinctCenters'] = 2 - step / 900;
    }
    return { seq: step, step, epoch: step / 81, values };
  });
}

const score = (value: number, half = 0.018) => ({ value, low: value - half, high: value + half });

export const evaluation: Evaluation = {
  id: 'eval_soft00001',
  embeddingId: 'emb_soft00001',
  datasetId: dataset.id,
  splitId: split.id,
  part: 'test',
  source: { kind: 'run', runId: run.id, runName: run.name, checkpoint: 'best', step: 243 },
  title: 'soft-triple demo, best checkpoint',
  protocol: {
    hash: HASH,
    splitHash: HASH,
    part: 'test',
    size: 128,
    crop: 'centre',
    dim: 128,
    metric: 'cosine',
    selfExclusion: 'by identity',
    duplicatePolicy: 'kept',
    checkpointRule: 'best validation R@1',
    bootstrapSeed: 0,
    bootstrapSamples: 1000,
  },
  queries: 2854,
  classes: 528,
  excludedQueries: 3,
  scores: {
    'recall@1': score(0.631),
    'recall@2': score(0.712),
    'recall@4': score(0.781),
    'recall@8': score(0.846),
    'map@r': score(0.402),
    'r-precision': score(0.447),
    nmi: { ...score(0.81, 0.004), classLow: 0.8, classHigh: 0.82 },
    'fnmr@fmr=0.01': {
      ...score(0.214),
      operating: { threshold: 1.049, chosenOn: 'validation', fmr: 0.0109 },
    },
  },
  seenClasses: false,
  stale: false,
  zeroShot: {
    evaluationId: 'eval_zero00001',
    scores: {
      'recall@1': score(0.493),
      'recall@2': score(0.571),
      'recall@4': score(0.649),
      'recall@8': score(0.722),
      'map@r': score(0.281),
      'r-precision': score(0.33),
    },
    differenceRecallAt1: { value: 0.138, low: 0.119, high: 0.157 },
  },
  createdAt: AT,
};

export function neighborsOf(imageId: number, count: number, shift: number): Neighbor[] {
  const own = classOf(imageId);
  return Array.from({ length: count }, (_, index) => {
    const id = ((imageId + (index + 1) * (index % 2 === 0 ? 1 : 7) + shift) % 48) + 1;
    const other = classOf(id);
    return {
      imageId: id,
      path: imageRow(id).path,
      class: other.name,
      distance: 0.42 + index * 0.055 + shift * 0.01,
      hit: other.id === own.id,
    };
  });
}

export function failure(index: number): QueryResult {
  const id = (index % 48) + 1;
  return {
    imageId: id,
    path: imageRow(id).path,
    class: classOf(id).name,
    firstHitRank: index < 5 ? null : (index % 9) + 2,
    margin: -0.41 + index * 0.004,
    averagePrecisionAtR: index / 200,
    nearest: neighborsOf(id, 1, 0)[0] ?? null,
  };
}

export const refresh: Refresh = {
  id: 'mine_soft00001',
  runId: run.id,
  datasetId: dataset.id,
  title: 'soft-triple demo, last checkpoint',
  rule: 'smart',
  part: 'train',
  step: 300,
  triplets: 2540,
  anchorsWithout: 30,
  recallOfIndex: 1,
  margin: 0.2,
  activeShare: 0.83,
  histogram: {
    from: -0.6,
    to: 0,
    counts: Array.from({ length: 40 }, (_, bin) => Math.round(150 * Math.exp(-((bin - 31) ** 2) / 60))),
  },
  stale: false,
  createdAt: AT,
};

export function triplet(row: number): Triplet {
  const image = (id: number) => ({
    imageId: id,
    classId: classOf(id).id,
    class: classOf(id).name,
    path: imageRow(id).path,
    excluded: false,
  });
  const anchor = (row * 5) % 48;
  const sameClass = Math.floor(anchor / 6) * 6 + ((anchor + 1) % 6);
  const anchorPositive = 0.82 - row * 0.0002;
  const anchorNegative = anchorPositive + 0.0005 + row * 0.0002;
  return {
    row,
    anchor: image(anchor + 1),
    positive: image(sameClass + 1),
    negative: image(((anchor + 8) % 48) + 1),
    anchorPositive,
    anchorNegative,
    violation: anchorPositive - anchorNegative,
    positiveRank: 1 + (row % 7),
    negativeRank: 2 + (row % 7),
    verdict: null,
  };
}

export const sweep: Sweep = {
  id: 'sweep_la0000001',
  name: 'Search over scale',
  datasetId: dataset.id,
  datasetName: dataset.name,
  splitId: split.id,
  splitName: split.name,
  method: 'soft-triple',
  strategy: 'grid',
  axes: ['scale', 'headRate'],
  status: 'running',
  trials: [
    [10, 1e-4, 'done', 0.61],
    [20, 1e-2, 'done', 0.66],
    [40, 1e-3, 'running', null],
  ].map(([scale, headRate, status, validation], index) => ({
    number: index + 1,
    runId: `run_trial000${index + 1}`,
    runName: `Search over scale ${index + 1}`,
    status: status as Run['status'],
    values: { scale: scale as number, headRate: headRate as number },
    validation: validation as number | null,
    finalLoss: validation === null ? null : 1.2,
    step: 100,
    steps: 100,
    seconds: 48,
    error: null,
  })),
  best: 'run_trial0002',
  createdAt: AT,
};
