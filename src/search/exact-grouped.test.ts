import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { createRandom } from '#learn/random/counter-random.ts';
import { type Metric, VectorSpace, type VectorTable } from '#learn/space/vector-space.ts';
import { openBackend } from '#workers/backend/open-backend.ts';
import { ExactIndex, collectNeighbors } from './exact.ts';
import { GroupSelector } from './grouped-scores.ts';
import { bruteForce } from './testing/brute-force.ts';

const ROWS = 4100;

beforeAll(async () => {
  await openBackend('tensorflow', { threads: 1 });
});

/** Coarse values make ties and copies; fine ones near each other test the bound of the error. */
function random(seed: number, dim: number, coarse: boolean): VectorTable {
  const draw = createRandom(seed);
  const value = coarse ? () => draw.below(4) / 2 : () => 100 + draw.next() * 1e-3;
  return { data: Float32Array.from({ length: ROWS * dim }, value), rows: ROWS, dim };
}

/** All other rows, nearest first. */
function ranked(vectors: VectorTable, row: number, metric: Metric): number[] {
  const { data, dim } = vectors;
  const query = { data: data.subarray(row * dim, (row + 1) * dim), rows: 1, dim };
  return bruteForce(query, vectors, ROWS, metric, false)[0]!.filter((other) => other !== row);
}

test.each<[Metric, boolean]>([
  ['euclidean', true],
  ['euclidean', false],
  ['cosine', false],
  ['inner-product', true],
])('short lists of many rows under %s are those of brute force (coarse: %s)', async (metric, coarse) => {
  const vectors = random(1, 5, coarse);
  const space = new VectorSpace(vectors, metric);
  const index = await ExactIndex.build(space);
  const before = tf.memory().numTensors;
  const rows = Int32Array.from({ length: 60 }, (_, i) => (i * 977) % ROWS);
  const found = await collectNeighbors(index.search(space, 2, { rows }));
  const exact = new Map(Array.from(rows, (row) => [row, ranked(vectors, row, metric)]));
  expect(found.count).toBe(rows.length);
  rows.forEach((row, i) => {
    expect(Array.from(found.indices.subarray(i * 2, i * 2 + 2))).toEqual(exact.get(row)!.slice(0, 2));
  });
  for await (const block of index.search(space, 1, { rows })) {
    for (const place of [0, 1, 700]) {
      expect(block.rankOf(3, exact.get(rows[3]!)![place]!)).toBe(place + 1);
    }
  }
  index.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('the groups of the k largest maxima, and all within the error of the last', () => {
  const maxima = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(maxima, fc.integer({ min: 1, max: 12 }), (values, k) => {
      const sorted = [...values].sort((a, b) => b - a);
      const limit = (sorted[k - 1] ?? -Infinity) - 2;
      const expected = [...values.keys()].filter((group) => values[group]! >= limit);
      expect(Array.from(new GroupSelector(k).groups(Float32Array.from(values), 1))).toEqual(expected);
    }),
  );
});
