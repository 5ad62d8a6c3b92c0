import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ContentStore } from '#catalog/content-store.ts';
import { encodeNpy } from '#formats/npy.ts';
import { decodeSafetensors, encodeSafetensors } from '#formats/safetensors.ts';
import type { CompareResult, EvaluateResult, EvaluateTask } from '#shared/worker/embed.ts';
import { runWorker } from '../host/testing/run-worker.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumage-evaluate-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function filesOf(rows: readonly (readonly number[])[], labels: readonly string[]) {
  const embeddings = join(folder, 'vectors.npy');
  const labelsPath = join(folder, 'labels.csv');
  const data = Float32Array.from(rows.flat());
  await writeFile(
    embeddings,
    Buffer.concat(encodeNpy({ type: 'f4', shape: [rows.length, rows[0]!.length], data })),
  );
  await writeFile(labelsPath, labels.join('\n'));
  return { kind: 'files', embeddings, labels: labelsPath, metric: 'euclidean' } as const;
}

function taskOf(input: EvaluateTask['input'], baseline: string | null = null): EvaluateTask {
  const protocol = {
    splitHash: 'files',
    part: 'test',
    size: null,
    crop: 'none',
    duplicatePolicy: 'kept',
    checkpointRule: 'none',
    bootstrapSeed: 7,
    bootstrapSamples: 200,
  };
  const [gallery, recallAt] = [{ kind: 'rest' } as const, [1, 2, 4, 8]];
  return { input, protocol, gallery, recallAt, thresholdsFrom: null, keep: 3, baseline, backend: 'wasm' };
}

const evaluate = (task: EvaluateTask) => runWorker('embed', 'evaluate', task, folder);

// Two clear classes on a line, a stray of b among a, and one class of a single image.
const LINE = [[0], [1], [2.5], [1.5], [100], [101], [500]];
const LABELS = ['a', 'a', 'a', 'b', 'b', 'b', 'lone'];

test('scores, counts and the per-query file of vectors on a line', async () => {
  const { result, messages } = await evaluate(taskOf(await filesOf(LINE, LABELS)));
  const { scores, queries, excludedQueries, classes, protocol, file } = result as EvaluateResult;
  expect({ queries, excludedQueries, classes }).toEqual({ queries: 6, excludedQueries: 1, classes: 3 });
  // Row 1 (at 1) sees b at 1.5 first, row 2 (at 2.5) too, row 3 (b at 1.5) sees a.
  expect(scores['recall@1']!.value).toBeCloseTo(3 / 6);
  expect(scores['recall@2']!.value).toBeCloseTo(5 / 6);
  expect(scores['recall@8']!.value).toBe(1);
  expect(scores['r-precision']!.value).toBeCloseTo((0.5 + 0.5 + 0.5 + 0 + 0.5 + 0.5) / 6);
  for (const name of ['recall@1', 'map@r', 'nmi', 'ami']) {
    const { value, low, high } = scores[name]!;
    expect(low).toBeLessThanOrEqual(value);
    expect(high).toBeGreaterThanOrEqual(value);
  }
  // Of class a one query in three is a hit, of class b two.
  expect(scores['recall@1']!.classLow).toBeCloseTo(1 / 3);
  expect(scores['recall@1']!.classHigh).toBeCloseTo(2 / 3);
  expect(protocol).toMatchObject({ dim: 1, metric: 'euclidean', selfExclusion: 'by identity' });
  expect(protocol.hash).toMatch(/^[0-9a-f]{64}$/);
  const { tensors } = decodeSafetensors(await readFile(new ContentStore(folder).get(file)));
  expect(tensors.get('queryRows')!.data).toEqual(Int32Array.of(0, 1, 2, 3, 4, 5));
  expect(tensors.get('neighbors')!.shape).toEqual([6, 3]);
  expect(Array.from(tensors.get('neighbors')!.data as Int32Array).slice(0, 3)).toEqual([1, 3, 2]);
  expect(tensors.get('firstHitRank')!.data).toEqual(Int32Array.of(1, 2, 2, 0, 1, 1));
  expect(tensors.get('order')!.data[0]).toBe(3);
  expect(tensors.get('margin')!.data[1]).toBeCloseTo(0.5 - 1);
  expect(messages.filter(({ type }) => type === 'progress').length).toBeGreaterThan(2);
});

const NO_DIFFERENCE = { value: 0, low: 0, high: 0, classLow: 0, classHigh: 0 };

test('the same again is the same, and a baseline gives the paired difference', async () => {
  const input = await filesOf(LINE, LABELS);
  const first = (await evaluate(taskOf(input))).result as EvaluateResult;
  const again = (await evaluate(taskOf(input, first.file))).result as EvaluateResult;
  expect(again.scores).toEqual(first.scores);
  expect(again.protocol.hash).toBe(first.protocol.hash);
  expect(again.differenceRecallAt1).toEqual(NO_DIFFERENCE);
  const other = (await evaluate(taskOf(await filesOf(LINE.slice(0, 6), LABELS.slice(0, 6)), first.file)))
    .result;
  expect((other as EvaluateResult).differenceRecallAt1).toEqual(NO_DIFFERENCE);
  const fewer = await evaluate(taskOf(await filesOf(LINE.slice(0, 5), LABELS.slice(0, 5)), first.file));
  expect((fewer.result as EvaluateResult).differenceRecallAt1).toBeNull();
  expect(JSON.stringify(fewer.messages)).toContain('asked other queries');
});

/** Stores vectors on a line as an embedding of the library. */
async function embeddingOf(rows: readonly (readonly number[])[], labels: readonly number[], firstId: number) {
  const data = Float32Array.from(rows.flat());
  const ids = Int32Array.from(labels, (_, row) => firstId + row);
  return new ContentStore(folder).put(
    encodeSafetensors([
      { name: 'vectors', dtype: 'F32', shape: [rows.length, rows[0]!.length], data },
      { name: 'imageIds', dtype: 'I32', shape: [rows.length], data: ids },
      { name: 'labels', dtype: 'I32', shape: [rows.length], data: Int32Array.from(labels) },
    ]),
  );
}

const onCircle = (...degrees: readonly number[]): number[][] =>
  degrees.map((degree) => [Math.cos((degree / 180) * Math.PI), Math.sin((degree / 180) * Math.PI)]);

test('queries are searched in another part only, and classes that it lacks are left out', async () => {
  const queries = await embeddingOf(onCircle(0, 10, 90, 200), [1, 1, 2, 3], 10);
  // The nearest to 10 degrees is of class 2, the next of class 1; nothing of class 3.
  const gallery = await embeddingOf(onCircle(1, 12, 95, 300), [1, 2, 2, 4], 50);
  const input = { kind: 'embedding', file: queries } as const;
  const task = { ...taskOf(input), gallery: { kind: 'file', file: gallery } as const, recallAt: [1, 2] };
  const { scores, queries: asked, excludedQueries, file } = (await evaluate(task)).result as EvaluateResult;
  expect({ asked, excludedQueries }).toEqual({ asked: 3, excludedQueries: 1 });
  expect(scores['recall@1']!.value).toBeCloseTo(2 / 3);
  expect(scores['recall@2']!.value).toBe(1);
  expect(scores['mrr']!.value).toBeCloseTo((1 + 1 / 2 + 1) / 3);
  // Class 1 has one of two right, class 2 its only one.
  expect(scores['macro-precision@1']!.value).toBeCloseTo(0.75);
  const { tensors } = decodeSafetensors(await readFile(new ContentStore(folder).get(file)));
  expect(tensors.get('galleryIds')!.data).toEqual(Int32Array.of(50, 51, 52, 53));
  expect(tensors.get('rank')!.data).toEqual(Int32Array.of(1, 2, 1));
  expect(Array.from(tensors.get('neighbors')!.data as Int32Array).slice(3, 6)).toEqual([1, 0, 3]);
});

test('some images of each class can be the gallery, by the seed', async () => {
  const file = await embeddingOf(onCircle(0, 1, 2, 90, 91, 92, 180), [1, 1, 1, 2, 2, 2, 3], 10);
  const gallery = { kind: 'per-class', images: 1, seed: 4 } as const;
  const task = { ...taskOf({ kind: 'embedding', file }), gallery };
  const first = (await evaluate(task)).result as EvaluateResult;
  // The only image of class 3 is in the gallery.
  expect([first.queries, first.excludedQueries, first.scores['recall@1']!.value]).toEqual([4, 0, 1]);
  expect(((await evaluate(task)).result as EvaluateResult).file).toBe(first.file);
  const all = { ...task, gallery: { ...gallery, images: 3 } };
  expect((await evaluate(all)).failure?.message).toContain('no query is left');
});

test('thresholds of verification come from the other part where it has the pairs, and it is said', async () => {
  // Twelve clear classes; in the other part the classes lie closer together.
  const spread = (step: number): number[][] =>
    onCircle(...Array.from({ length: 60 }, (_, i) => Math.floor(i / 5) * step + (i % 5) / 10));
  const labels = Array.from({ length: 60 }, (_, i) => Math.floor(i / 5));
  const [scored, other] = [
    await embeddingOf(spread(30), labels, 1),
    await embeddingOf(spread(10), labels, 100),
  ];
  const task = taskOf({ kind: 'embedding', file: scored });
  const thresholdsFrom = { file: other, part: 'validation' };
  const { scores } = (await evaluate({ ...task, thresholdsFrom })).result as EvaluateResult;
  const { value, operating } = scores['fnmr@fmr=0.1']!;
  expect(value).toBe(0);
  expect(operating).toMatchObject({ chosenOn: 'validation', fmr: 0 });
  expect(scores).not.toHaveProperty('fnmr@fmr=0.0001');
  const own = (await evaluate(task)).result as EvaluateResult;
  expect(own.scores['fnmr@fmr=0.1']!.operating).toMatchObject({ chosenOn: 'test' });
  expect(own.scores['fnmr@fmr=0.1']!.operating!.threshold).toBeGreaterThan(operating!.threshold);
});

test('two evaluations of the same queries are compared', async () => {
  const labels = Array.from({ length: 40 }, (_, i) => i % 10);
  const angles = (noise: number): number[][] =>
    onCircle(...labels.map((label, i) => label * 36 + noise * Math.sin(i * 12.9898)));
  const fileOf = async (noise: number): Promise<string> => {
    const file = await embeddingOf(angles(noise), labels, 1);
    return ((await evaluate(taskOf({ kind: 'embedding', file }))).result as EvaluateResult).file;
  };
  const [rough, fine] = [await fileOf(60), await fileOf(2)];
  const task = { first: rough, second: fine, recallAt: [1, 4], samples: 100, seed: 1 };
  const { rows, queries } = (await runWorker('embed', 'compare', task, folder)).result as CompareResult;
  expect(queries).toBe(40);
  const recall = rows.find(({ key }) => key === 'recall@1')!;
  expect(recall.second).toBe(1);
  expect(recall.difference.value).toBeCloseTo(1 - recall.first, 6);
  expect(recall.p).toBeLessThan(0.01);
  const fewer = await embeddingOf(angles(2).slice(0, 20), labels.slice(0, 20), 1);
  const other = (await evaluate(taskOf({ kind: 'embedding', file: fewer }))).result as EvaluateResult;
  const refused = await runWorker('embed', 'compare', { ...task, second: other.file }, folder);
  expect(refused.failure).toMatchObject({ code: 'conflict' });
});

test('what cannot be scored is refused with a sentence', async () => {
  const failure = async (rows: readonly (readonly number[])[], labels: readonly string[]) =>
    (await evaluate(taskOf(await filesOf(rows, labels)))).failure?.message;
  expect(await failure([[1], [2]], ['a', 'b'])).toContain('No class has two images');
  expect(await failure([[1], [2]], ['a', 'a'])).toContain('the same class');
  expect(await failure([[1], [2]], ['a'])).toContain('2 rows and');
  expect(await failure([[1], [NaN], [2]], ['a', 'a', 'b'])).toContain('Row 1, column 0');
});
