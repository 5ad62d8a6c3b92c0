import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ContentStore } from '#catalog/content-store.ts';
import { encodeNpy } from '#formats/npy.ts';
import { decodeSafetensors, writeSafetensorsFile } from '#formats/safetensors.ts';
import type { MineResult, MineTask } from '#shared/worker/mine.ts';
import { runWorker } from '../host/testing/run-worker.ts';
import { histogramOfViolations } from './hardness.ts';

let folder: string;
let input: MineTask['input'];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumage-mine-'));
  const embeddings = join(folder, 'v.npy');
  const data = Float64Array.of(0, 1, 1.25, 3);
  await writeFile(embeddings, Buffer.concat(encodeNpy({ type: 'f8', shape: [4, 1], data })));
  await writeFile(join(folder, 'l.json'), '["a", "a", "b", "b"]');
  input = { kind: 'files', embeddings, labels: join(folder, 'l.json'), metric: 'euclidean' };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const taskOf = (out: string | null, limit: number | null = null, overwrite = false): MineTask => ({
  input,
  rule: 'nearest',
  margin: 0.5,
  limit,
  out,
  overwrite,
});
const mine = (task: MineTask) => runWorker('mine', 'mine', task, folder);

test('rows, distances, ranks and shares of files, hardest first, as CSV', async () => {
  const out = join(folder, 'rows.csv');
  const result = (await mine(taskOf(out))).result as MineResult;
  expect((await readFile(out, 'utf8')).split('\r\n')).toEqual([
    'anchor,positive,negative,anchorPositive,anchorNegative',
    '2,3,1,1.75,0.25',
    '1,0,2,1,0.25',
    '0,1,2,1,1.25',
    '3,2,1,1.75,2',
    '',
  ]);
  expect(result).toMatchObject({ triplets: 4, anchorsWithout: 0, recallOfIndex: 1, activeShare: 1, out });
  expect(result.histogram).toMatchObject({ from: -0.25, to: 1.5 });
  expect(result.histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(4);
  const { tensors } = decodeSafetensors(await readFile(new ContentStore(folder).get(result.file)));
  expect(tensors.get('anchor')!.data).toEqual(Int32Array.of(2, 1, 0, 3));
  expect(tensors.get('positiveRank')!.data).toEqual(Int32Array.of(3, 2, 1, 1));
  expect(tensors.get('negativeRank')!.data).toEqual(Int32Array.of(1, 1, 2, 2));
  expect(tensors.get('anchorNegative')!.data).toEqual(Float32Array.of(0.25, 0.25, 1.25, 2));
});

test('JSON, and a limit that keeps the hardest', async () => {
  const out = join(folder, 'rows.json');
  const result = (await mine(taskOf(out, 1))).result as MineResult;
  expect(result.triplets).toBe(1);
  expect(JSON.parse(await readFile(out, 'utf8'))).toEqual([
    { anchor: 2, positive: 3, negative: 1, anchorPositive: 1.75, anchorNegative: 0.25 },
  ]);
});

test('an embedding of the library gives image ids', async () => {
  const store = new ContentStore(folder);
  const temporary = await store.temporaryPath();
  await writeSafetensorsFile(temporary, [
    { name: 'vectors', dtype: 'F32', shape: [3, 2], data: Float32Array.of(1, 0, 0.6, 0.8, 0, 1) },
    { name: 'imageIds', dtype: 'I32', shape: [3], data: Int32Array.of(10, 20, 30) },
    { name: 'labels', dtype: 'I32', shape: [3], data: Int32Array.of(5, 5, 6) },
  ]);
  const file = await store.putFile(temporary);
  const { result } = await mine({ ...taskOf(null), input: { kind: 'embedding', file } });
  const { tensors } = decodeSafetensors(await readFile(store.get((result as MineResult).file)));
  expect(tensors.get('anchor')!.data).toEqual(Int32Array.of(20, 10));
  expect(tensors.get('negative')!.data).toEqual(Int32Array.of(30, 30));
  expect((result as MineResult).anchorsWithout).toBe(1);
});

test('a file that exists is replaced only when that is asked for', async () => {
  const out = join(folder, 'kept.csv');
  await writeFile(out, 'another work');
  expect((await mine(taskOf(out))).failure).toMatchObject({ code: 'conflict' });
  expect(await readFile(out, 'utf8')).toBe('another work');
  expect((await mine(taskOf(out, null, true))).result).toMatchObject({ out });
  expect(await readFile(out, 'utf8')).toContain('anchor,positive');
});

test('an output that cannot be written is refused and leaves nothing', async () => {
  expect((await mine(taskOf(join(folder, 'rows.xlsx')))).failure?.message).toContain('.csv nor .json');
  const failure = (await mine(taskOf(join(folder, 'none', 'rows.csv')))).failure;
  expect(failure).toMatchObject({ code: 'not-found' });
  expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('a histogram of equal violations has one full bin', () => {
  const { from, to, counts } = histogramOfViolations({
    count: 2,
    anchorPositive: Float64Array.of(1, 2),
    anchorNegative: Float64Array.of(2, 3),
  });
  expect([from, to, counts[0]]).toEqual([-1, -1, 2]);
});
