import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { type Metric, VectorSpace, type VectorTable } from '#learn/space/vector-space.ts';
import { ExactIndex, collectNeighbors } from './exact.ts';
import type { NeighborFilter } from './neighbor-filter.ts';
import { bruteForce, table } from './testing/brute-force.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
});

// Few different values, so that ties and exact duplicates are common.
const coarse = fc.integer({ min: -3, max: 3 }).map((value) => value / 4);
const fine = fc.float({ min: -4, max: 4, noNaN: true });
const matrix = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean()).chain(([dim, tied]) =>
  fc.array(fc.array(tied ? coarse : fine, { minLength: dim, maxLength: dim }), {
    minLength: 2,
    maxLength: 60,
  }),
);
const metrics = fc.constantFrom<Metric>('euclidean', 'cosine', 'inner-product');

test('finds what brute force finds, ties to the smaller row, itself never', async () => {
  await fc.assert(
    fc.asyncProperty(matrix, metrics, fc.integer({ min: 1, max: 70 }), async (rows, metric, k) => {
      fc.pre(metric !== 'cosine' || rows.every((row) => row.some((value) => Math.abs(value) > 1e-6)));
      const vectors = table(rows);
      const space = new VectorSpace(vectors, metric);
      const index = await ExactIndex.build(space);
      const found = await collectNeighbors(index.search(space, k));
      index.dispose();
      const lists = Array.from({ length: rows.length }, (_, i) =>
        Array.from(found.indices.subarray(i * found.k, (i + 1) * found.k)),
      );
      expect(lists).toEqual(bruteForce(vectors, vectors, k, metric, true));
    }),
    { numRuns: 150 },
  );
});

test('a query from outside excludes nothing, and rows may be chosen', async () => {
  const base = table([
    [0, 0],
    [1, 0],
    [0, 2],
    [3, 3],
  ]);
  const space = new VectorSpace(base, 'euclidean');
  const queries = new VectorSpace(
    table([
      [9, 9],
      [0, 0],
      [0, 2],
    ]),
    'euclidean',
    space,
  );
  const index = await ExactIndex.build(space);
  const found = await collectNeighbors(index.search(queries, 2, { rows: Int32Array.of(2, 1) }));
  expect(Array.from(found.indices)).toEqual([2, 0, 0, 1]);
  expect(Array.from(found.distances)).toEqual([0, 2, 0, 1]);
  index.dispose();
});

test('far from the origin the order is still exact', async () => {
  const rows = Array.from({ length: 200 }, (_, i) => [1000 + ((i * 37) % 200) * 1e-4, -2000]);
  const vectors: VectorTable = { data: Float64Array.from(rows.flat()), rows: 200, dim: 2 };
  const space = new VectorSpace(vectors, 'euclidean');
  const index = await ExactIndex.build(space);
  const found = await collectNeighbors(index.search(space, 3));
  expect(found.indices.length).toBe(600);
  const lists = Array.from({ length: 200 }, (_, i) => Array.from(found.indices.subarray(i * 3, i * 3 + 3)));
  expect(lists).toEqual(bruteForce(vectors, vectors, 3, 'euclidean', true));
  index.dispose();
});

test('a collapsed embedding is ordered by row, and leaves nothing on the backend', async () => {
  const before = tf.memory().numTensors;
  const space = new VectorSpace(table(Array.from({ length: 900 }, () => [0.6, 0.8])), 'cosine');
  const index = await ExactIndex.build(space);
  const found = await collectNeighbors(index.search(space, 2));
  expect(Array.from(found.indices.subarray(0, 6))).toEqual([1, 2, 0, 2, 0, 1]);
  expect(found.distances.every((distance) => distance === 0)).toBe(true);
  index.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('filters, removed rows and changed ones; -1 where fewer are left than were asked for', async () => {
  const rows = [[0], [1], [2], [3], [5]];
  const space = new VectorSpace(table(rows), 'euclidean');
  const index = await ExactIndex.build(space);
  const labels = Int32Array.of(0, 0, 1, 1, 1);
  const lists = async (filter?: NeighborFilter): Promise<number[]> => {
    const found = await collectNeighbors(index.search(index.space, 2, filter ? { filter } : {}));
    expect(found.indices.map((row, at) => (Number.isNaN(found.distances[at]) ? -1 : row))).toEqual(
      found.indices,
    );
    return Array.from(found.indices);
  };
  const classes = { labels, queryLabels: labels };
  expect(await lists({ classes: { ...classes, rule: 'same' } })).toEqual([1, -1, 0, -1, 3, 4, 2, 4, 3, 2]);
  expect(await lists({ classes: { ...classes, rule: 'other' } })).toEqual([2, 3, 2, 3, 1, 0, 1, 0, 1, 0]);
  expect(await lists({ excluded: Uint8Array.of(0, 1, 1, 1, 0) })).toEqual([4, -1, 0, 4, 0, 4, 4, 0, 0, -1]);
  index.remove(Int32Array.of(1));
  expect((await lists()).slice(0, 2)).toEqual([2, 3]);
  await index.update(
    new VectorSpace(table([[4], ...rows.slice(1)]), 'euclidean', space),
    Int32Array.of(0, 1),
  );
  expect((await lists()).slice(0, 4)).toEqual([3, 4, 2, 3]);
  index.dispose();
});

test('an aborted search stops', async () => {
  const space = new VectorSpace(table([[1], [2], [3]]), 'euclidean');
  const index = await ExactIndex.build(space);
  await expect(collectNeighbors(index.search(space, 1, { signal: AbortSignal.abort() }))).rejects.toThrow(
    'abort',
  );
  index.dispose();
});

test('vectors that cannot be compared are refused with a sentence', () => {
  expect(
    () =>
      new VectorSpace(
        table([
          [1, 0],
          [0, 0],
        ]),
        'cosine',
      ),
  ).toThrow('Row 1 is a zero vector');
  expect(
    () =>
      new VectorSpace(
        table([
          [1, 0],
          [0, NaN],
        ]),
        'euclidean',
      ),
  ).toThrow('Row 1, column 1 (counted from 0) holds NaN');
  expect(
    () =>
      new VectorSpace(
        table([
          [1, 0],
          [Infinity, 0],
        ]),
        'euclidean',
      ),
  ).toThrow('holds Infinity');
  const base = new VectorSpace(table([[1, 0]]), 'euclidean');
  expect(() => new VectorSpace(table([[1]]), 'euclidean', base)).toThrow('1 dimensions');
});
