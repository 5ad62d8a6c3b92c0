import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ContentStore } from '#catalog/content-store.ts';
import { createRandom } from '#learn/random/counter-random.ts';
import { type Metric, VectorSpace } from '#learn/space/vector-space.ts';
import { bruteForce, table } from '../testing/brute-force.ts';
import { collectNeighbors } from '../exact.ts';
import type { NeighborFilter } from '../neighbor-filter.ts';
import type { Storage } from './graph.ts';
import { HnswIndex } from './hnsw-index.ts';
import { loadIndex, saveIndex } from './keep-index.ts';

let folder: string;
beforeAll(async () => {
  await tf.setBackend('wasm');
  folder = await mkdtemp(join(tmpdir(), 'plumage-search-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Classes of ten points around a centre, every eleventh point a copy of the one before. */
function points(rows: number, dim: number, seed: number): number[][] {
  const random = createRandom(seed);
  const centres = Array.from({ length: Math.ceil(rows / 10) }, () =>
    Array.from({ length: dim }, () => 4 * (random.next() - 0.5)),
  );
  const all: number[][] = [];
  for (let row = 0; row < rows; row++) {
    const fresh = centres[row % centres.length]!.map((value) => value + random.next() - 0.5);
    all.push(row % 11 === 10 ? all[row - 1]! : fresh);
  }
  return all;
}

const listsOf = async (index: HnswIndex, k: number, filter?: NeighborFilter): Promise<number[][]> => {
  const found = await collectNeighbors(index.search(index.space, k, filter ? { filter } : {}));
  return Array.from({ length: found.count }, (_, i) =>
    Array.from(found.indices.subarray(i * found.k, (i + 1) * found.k)).filter((row) => row >= 0),
  );
};

const shared = (found: number[][], expected: number[][]): number => {
  const hits = expected.map((list, i) => list.filter((row) => found[i]!.includes(row)).length);
  return hits.reduce((sum, n) => sum + n, 0) / expected.reduce((sum, list) => sum + list.length, 0);
};

test.each<[Metric, Storage, number]>([
  ['euclidean', 'float32', 0.97],
  ['cosine', 'half', 0.97],
  ['inner-product', 'half', 0.9],
  ['euclidean', 'int8', 0.9],
])('%s with %s storage finds nearly all, and says how many', async (metric, storage, least) => {
  const vectors = table(points(1500, 12, 3));
  const index = await HnswIndex.build(new VectorSpace(vectors, metric), { storage, recall: { sample: 200 } });
  const exact = bruteForce(vectors, vectors, 10, metric, true);
  const found = await listsOf(index, 10);
  expect(found.every((list, row) => list.length === 10 && !list.includes(row))).toBe(true);
  expect(shared(found, exact)).toBeGreaterThan(least);
  expect(index.recall).toMatchObject({ at: 10, sample: 200 });
  expect(Math.abs(index.recall.value - shared(found, exact))).toBeLessThan(0.05);
});

// Small sets: the search is wider than they are, so that every list must be the exact one.
const few = fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 3, maxLength: 3 }), {
  minLength: 2,
  maxLength: 24,
});

test('small sets with copies and zero vectors: exactly brute force, after changes and removals too', async () => {
  await fc.assert(
    fc.asyncProperty(few, fc.nat(), fc.nat(), async (rows, one, other) => {
      const space = new VectorSpace(table(rows), 'euclidean');
      const index = await HnswIndex.build(space, { storage: 'float32', recall: { sample: 4 } });
      expect(await listsOf(index, 30)).toEqual(bruteForce(table(rows), table(rows), 30, 'euclidean', true));
      const [changed, removed] = [one % rows.length, other % rows.length];
      const next = [...rows.map((row, i) => (i === changed ? [9, 9, 9] : row)), [1, 1, 2]];
      await index.update(new VectorSpace(table(next), 'euclidean', space), Int32Array.of(changed));
      index.remove(Int32Array.of(removed, removed));
      const lists = bruteForce(table(next), table(next), 30, 'euclidean', true);
      expect(await listsOf(index, 30)).toEqual(lists.map((list) => list.filter((row) => row !== removed)));
      expect(index.size).toBe(next.length - 1);
    }),
    { numRuns: 60 },
  );
});

test('filters fill the list with what they allow, however rare', async () => {
  const vectors = table(points(900, 8, 5));
  const index = await HnswIndex.build(new VectorSpace(vectors, 'euclidean'));
  const labels = Int32Array.from({ length: 900 }, (_, row) => row % 90);
  const excluded = Uint8Array.from({ length: 900 }, (_, row) => (row % 100 === 0 ? 0 : 1));
  const all = bruteForce(vectors, vectors, 899, 'euclidean', true);
  const among = (keep: (query: number, row: number) => boolean): number[][] =>
    all.map((list, query) => list.filter((row) => keep(query, row)).slice(0, 5));
  const classes = { labels, queryLabels: labels };
  expect(await listsOf(index, 5, { classes: { ...classes, rule: 'same' } })).toEqual(
    among((query, row) => labels[row] === labels[query]),
  );
  expect(await listsOf(index, 5, { excluded })).toEqual(among((_, row) => excluded[row] === 0));
  const others = among((query, row) => labels[row] !== labels[query]);
  const found = await listsOf(index, 5, { classes: { ...classes, rule: 'other' } });
  expect(found.flat().every((row, at) => labels[row] !== labels[Math.floor(at / 5)])).toBe(true);
  expect(shared(found, others)).toBeGreaterThan(0.97);
});

test('kept by content hash with its recall, and refused for other vectors or changed files', async () => {
  const space = new VectorSpace(table(points(400, 6, 7)), 'cosine');
  const files = new ContentStore(folder);
  const index = await HnswIndex.build(space);
  index.remove(Int32Array.of(3));
  const hash = await saveIndex(index, files);
  const loaded = await loadIndex(hash, space, files);
  expect(loaded.recall).toEqual(index.recall);
  expect(await listsOf(loaded, 8)).toEqual(await listsOf(index, 8));
  const others = new VectorSpace(table(points(400, 6, 8)), 'cosine');
  await expect(loadIndex(hash, others, files)).rejects.toThrow('other vectors');
  await writeFile(files.path(hash), '{"format":');
  await expect(loadIndex(hash, space, files)).rejects.toThrow('damaged. Build it again');
});
