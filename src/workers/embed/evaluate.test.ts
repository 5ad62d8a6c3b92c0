import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ContentStore } from '#catalog/content-store.ts';
import { encodeNpy } from '#formats/npy.ts';
import { decodeSafetensors } from '#formats/safetensors.ts';
import type { EvaluateResult, EvaluateTask } from '#shared/worker/embed.ts';
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

test('what cannot be scored is refused with a sentence', async () => {
  const failure = async (rows: readonly (readonly number[])[], labels: readonly string[]) =>
    (await evaluate(taskOf(await filesOf(rows, labels)))).failure?.message;
  expect(await failure([[1], [2]], ['a', 'b'])).toContain('No class has two images');
  expect(await failure([[1], [2]], ['a', 'a'])).toContain('the same class');
  expect(await failure([[1], [2]], ['a'])).toContain('2 rows and');
  expect(await failure([[1], [NaN], [2]], ['a', 'a', 'b'])).toContain('Row 1, column 0');
});
