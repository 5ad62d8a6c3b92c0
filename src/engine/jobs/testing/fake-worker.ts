import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openCatalog } from '#catalog/open.ts';
import { readPart } from '#catalog/part-reader.ts';
import { ContentStore } from '#catalog/content-store.ts';
import { readKnownFiles } from '#catalog/known-files.ts';
import { type NamedTensor, decodeSafetensors, encodeSafetensors } from '#formats/safetensors.ts';
import type { FromWorker, TaskMap, TaskPlaces, ToWorker } from '#shared/worker/messages.ts';

/**
 * Stands in for every worker in the tests of the engine: no TensorFlow, no decoding. Vectors are made from class ids, so
 * scores are known. What it does wrong is named by the task: `imagePath` of a query, `mode` of a training's config.
 */
const post = (message: FromWorker): void => void process.send?.(message);
let stopped: 'checkpoint' | 'discard' | null = null;
let onStop: () => void = () => undefined;

process.on('disconnect', () => process.exit(1));
process.on('message', (message: ToWorker) => {
  if (message.type === 'stop') {
    stopped = message.mode;
    onStop();
    return;
  }
  void run(message).then(
    (result) => end({ type: 'done', result } as FromWorker),
    (error: Error) =>
      end({ type: 'failed', error: { code: 'bug', message: error.message, details: error.stack } }),
  );
});

function end(message: FromWorker): void {
  process.send?.(message, undefined, undefined, () => process.exit(0));
}

async function run({ kind, task, places }: Extract<ToWorker, { type: 'start' }>): Promise<unknown> {
  const files = new ContentStore(places.libraryPath);
  post({ type: 'log', line: { at: 1, level: 'info', message: `doing ${kind}` } });
  switch (kind) {
    case 'import':
      return importFolder(task as TaskMap['import']['task'], places);
    case 'train':
      return train(task as TaskMap['train']['task'], files);
    case 'embed':
      return embed(task as TaskMap['embed']['task'], places, files);
    case 'evaluate':
      return evaluate(task as TaskMap['evaluate']['task'], files);
    case 'compare':
      return compare(task as TaskMap['compare']['task']);
    case 'mine':
      return mine(task as TaskMap['mine']['task'], files);
    case 'query':
      return query(task as TaskMap['query']['task']);
  }
}

const sha = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');

/** Files named `*.txt` are images, `*.bad` are broken, a file `die` kills the process after its class, `hang` waits. */
async function importFolder(task: TaskMap['import']['task'], places: TaskPlaces): Promise<unknown> {
  const catalog = openCatalog(places.libraryPath, { readonly: true });
  const known = readKnownFiles(catalog, task.datasetId);
  let images = 0;
  let problems = 0;
  for (const className of readdirSync(task.rootPath).sort()) {
    for (const name of readdirSync(join(task.rootPath, className)).sort()) {
      const path = `${className}/${name}`;
      if (name === 'die') process.kill(process.pid, 'SIGKILL');
      if (name === 'hang') await new Promise<void>((resolve) => (onStop = resolve));
      if (stopped !== null) return end({ type: 'failed', error: { code: 'cancelled', message: '' } });
      if (name.endsWith('.bad')) {
        problems++;
        post({
          type: 'event',
          event: { kind: 'problems', rows: [{ path, code: 'truncated', reason: 'It ends too early.' }] },
        });
      }
      if (!name.endsWith('.txt')) continue;
      images++;
      const bytes = readFileSync(join(task.rootPath, path));
      const contentHash = sha(bytes);
      if (known.get(path)?.contentHash === contentHash) {
        post({ type: 'event', event: { kind: 'unchanged', paths: [path] } });
        continue;
      }
      const row = {
        path,
        className,
        contentHash,
        pixelHash: contentHash,
        perceptualHash: contentHash.slice(0, 16),
        width: 8,
        height: 8,
      };
      post({
        type: 'event',
        event: {
          kind: 'images',
          rows: [{ ...row, format: 'png', channels: 3, sizeBytes: bytes.length, modifiedMs: 1 }],
        },
      });
    }
  }
  catalog.close();
  return { images, unchanged: 0, problems, seconds: 0 };
}

/** Ten steps, a checkpoint every second one. `config.mode`: crash at step 5 the first time, or wait for stop there. */
async function train(task: TaskMap['train']['task'], files: ContentStore): Promise<unknown> {
  const { mode, backboneRate = 0 } = task.config as { mode?: string; backboneRate?: number };
  const from = task.resumeFrom === null ? 0 : Number(readFileSync(files.get(task.resumeFrom), 'utf8'));
  for (let step = from + 1; step <= 10; step++) {
    post({
      type: 'event',
      event: { kind: 'points', points: [{ step, epoch: step / 10, values: { loss: 1 / step } }] },
    });
    if (step % 2 === 0) await checkpoint('last', step);
    if (step === 5 && from === 0 && mode === 'crash') process.kill(process.pid, 'SIGSEGV');
    if (step === 5 && mode === 'diverge')
      return outcome('diverged', 'The loss is not a number at step 5.', step);
    if (step === 5 && mode === 'collapse' && backboneRate > 1e-4) {
      const sentence = 'The embeddings have fallen into one point at step 5.';
      post({ type: 'event', event: { kind: 'finding', finding: 'collapsed', step, sentence } });
      return { ...outcome('collapsed', sentence, step), remedy: { rateFactor: 0.3, clipNorm: 1 } };
    }
    if (step === 5 && from === 0 && mode === 'wait') {
      if (stopped === null) await new Promise<void>((resolve) => (onStop = resolve));
      await checkpoint('last', step);
      return outcome('stopped', 'Stopped as asked.', step);
    }
  }
  await checkpoint('best', 10);
  return outcome('done', '', 10);

  async function checkpoint(kind: 'last' | 'best', step: number): Promise<void> {
    const file = await files.put(Buffer.from(String(step)));
    const validation = kind === 'best' ? 0.75 : null;
    post({
      type: 'event',
      event: { kind: 'checkpoint', checkpoint: kind, step, epoch: step / 10, file, validation },
    });
  }
  function outcome(status: string, reason: string, step: number) {
    return { status, reason, step, epoch: step / 10, finalLoss: 1 / step, bestValidation: 0.75, seconds: 1 };
  }
}

/** Unit vectors on a circle, one angle a class; a checkpoint spreads classes more than a backbone does, and is always right. */
async function embed(
  task: TaskMap['embed']['task'],
  places: TaskPlaces,
  files: ContentStore,
): Promise<unknown> {
  const catalog = openCatalog(places.libraryPath, { readonly: true });
  const { imageIds, labels } = readPart(catalog, task.splitId, task.part);
  catalog.close();
  const spread = task.model.kind === 'checkpoint' ? 0.5 : 0.01;
  const vectors = new Float32Array(imageIds.length * 2);
  labels.forEach((label, row) => {
    const angle = label * spread + row * 0.001;
    vectors.set([Math.cos(angle), Math.sin(angle)], row * 2);
  });
  const rows = imageIds.length;
  const classify = task.closedSet && task.model.kind === 'checkpoint';
  const file = await store(files, [
    { name: 'vectors', dtype: 'F32', shape: [rows, 2], data: vectors },
    { name: 'imageIds', dtype: 'I32', shape: [rows], data: Int32Array.from(imageIds) },
    { name: 'labels', dtype: 'I32', shape: [rows], data: Int32Array.from(labels) },
    ...(classify
      ? [{ name: 'predictions', dtype: 'I32', shape: [rows], data: Int32Array.from(labels) } as const]
      : []),
  ]);
  return { file, rows, dim: 2, seconds: 0.1 };
}

/** Query q's neighbours are the other rows in order; every third query is a miss. */
async function evaluate(task: TaskMap['evaluate']['task'], files: ContentStore): Promise<unknown> {
  const rows = 6;
  const keep = 3;
  const ints = (make: (index: number) => number, length = rows): Int32Array<ArrayBuffer> =>
    Int32Array.from({ length }, (_, i) => make(i));
  const file = await store(files, [
    { name: 'queryRows', dtype: 'I32', shape: [rows], data: ints((i) => i) },
    {
      name: 'neighbors',
      dtype: 'I32',
      shape: [rows, keep],
      data: ints((i) => (Math.floor(i / keep) + 1 + (i % keep)) % rows, rows * keep),
    },
    {
      name: 'distances',
      dtype: 'F32',
      shape: [rows, keep],
      data: Float32Array.from({ length: rows * keep }, (_, i) => i / 100),
    },
    { name: 'firstHitRank', dtype: 'I32', shape: [rows], data: ints((i) => (i % 3 === 0 ? 0 : 1)) },
    {
      name: 'margin',
      dtype: 'F32',
      shape: [rows],
      data: Float32Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? -0.5 + i / 100 : 0.5)),
    },
    {
      name: 'recallAt1',
      dtype: 'F32',
      shape: [rows],
      data: Float32Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 0 : 1)),
    },
    { name: 'averagePrecisionAtR', dtype: 'F32', shape: [rows], data: new Float32Array(rows).fill(0.5) },
    { name: 'rPrecision', dtype: 'F32', shape: [rows], data: new Float32Array(rows).fill(0.25) },
    { name: 'rank', dtype: 'I32', shape: [rows], data: ints((i) => (i % 3 === 0 ? 4 : 1)) },
    { name: 'order', dtype: 'I32', shape: [rows], data: Int32Array.from([0, 3, 1, 2, 4, 5]) },
  ]);
  const score = { value: 0.6, low: 0.5, high: 0.7 };
  const { input } = task;
  const predicted =
    input.kind === 'embedding' &&
    decodeSafetensors(readFileSync(files.get(input.file))).tensors.has('predictions');
  return {
    protocol: {
      ...task.protocol,
      hash: sha(JSON.stringify(task.protocol)),
      dim: 2,
      metric: 'cosine',
      selfExclusion: 'by identity',
    },
    scores: {
      ...Object.fromEntries(task.recallAt.map((k) => [`recall@${k}`, score])),
      ...(predicted ? { 'accuracy@1': { value: 1, low: 1, high: 1 } } : {}),
    },
    queries: rows,
    classes: 2,
    excludedQueries: 0,
    differenceRecallAt1: task.baseline === null ? null : { value: 0.1, low: 0.05, high: 0.15 },
    file,
    seconds: 0.1,
  };
}

/** Every score is 0.1 better. */
function compare(task: TaskMap['compare']['task']): TaskMap['compare']['result'] {
  const difference = { value: 0.1, low: 0.05, high: 0.15 };
  const rows = task.recallAt.map((k) => ({
    key: `recall@${k}`,
    first: 0.6,
    second: 0.7,
    difference,
    p: 0.01,
    classP: 0.04,
  }));
  return { queries: 6, classes: 2, rows };
}

async function mine(task: TaskMap['mine']['task'], files: ContentStore): Promise<unknown> {
  if (task.input.kind === 'files')
    return {
      file: '',
      out: task.out,
      triplets: 0,
      anchorsWithout: 0,
      recallOfIndex: 1,
      activeShare: 0,
      histogram: { from: 0, to: 1, counts: [] },
      seconds: 0,
    };
  const column = (name: string, values: number[]): NamedTensor => ({
    name,
    dtype: 'I32',
    shape: [3],
    data: Int32Array.from(values),
  });
  const floats = (name: string, values: number[]): NamedTensor => ({
    name,
    dtype: 'F32',
    shape: [3],
    data: Float32Array.from(values),
  });
  const file = await store(files, [
    column('anchor', [1, 2, 3]),
    column('positive', [2, 3, 1]),
    column('negative', [5, 6, 7]),
    floats('anchorPositive', [0.5, 0.75, 0.25]),
    floats('anchorNegative', [0.625, 1, 0.75]),
    column('positiveRank', [1, 2, 3]),
    column('negativeRank', [2, 3, 4]),
  ]);
  return {
    file,
    out: task.out,
    triplets: 3,
    anchorsWithout: 0,
    recallOfIndex: 1,
    activeShare: 0.5,
    histogram: { from: -1, to: 0, counts: [3] },
    seconds: 0,
  };
}

async function query(task: TaskMap['query']['task']): Promise<unknown> {
  if (task.imagePath.endsWith('crash')) process.kill(process.pid, 'SIGSEGV');
  if (task.imagePath.endsWith('leave')) process.exit(7);
  if (task.imagePath.endsWith('refuse')) {
    end({ type: 'failed', error: { code: 'bad-input', message: 'No such picture.' } });
    return new Promise(() => undefined);
  }
  if (task.imagePath.endsWith('garbage')) {
    process.send?.('rubbish');
    process.send?.({ type: 'rubbish' });
  }
  if (task.imagePath.endsWith('deaf')) return new Promise(() => setInterval(() => undefined, 1000));
  if (task.imagePath.endsWith('wait')) {
    post({
      type: 'progress',
      progress: { phase: 'Waiting', done: 0, total: 1, unit: 'x', perSecond: null, secondsLeft: null },
    });
    await new Promise<void>((resolve) => (onStop = resolve));
    end({ type: 'failed', error: { code: 'cancelled', message: '' } });
    return new Promise(() => undefined);
  }
  return { neighbors: [{ imageId: 1, distance: 0.5 }] };
}

const store = (files: ContentStore, tensors: readonly NamedTensor[]): Promise<string> =>
  files.put(encodeSafetensors(tensors));
