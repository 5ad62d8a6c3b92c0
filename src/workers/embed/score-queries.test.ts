import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { averagePrecisionAtR, firstHitRank, rPrecision } from '#learn/metrics/retrieval.ts';
import { ExactIndex } from '#search/exact.ts';
import { type QueryScores, scoreQueries } from './score-queries.ts';
import { type SearchedSet, searchedSet } from './searched-set.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
});

type Point = readonly [label: number, x: number, y: number];

async function scored(
  points: readonly Point[],
  keep = 2,
): Promise<{ scores: QueryScores; set: SearchedSet }> {
  const data = Float32Array.from(points.flatMap(([, x, y]) => [x, y]));
  const labels = Int32Array.from(points, ([label]) => label);
  const input = {
    table: { data, rows: points.length, dim: 2 },
    labels,
    ids: Int32Array.from(labels.keys()),
    metric: 'euclidean' as const,
    predictions: null,
  };
  const set = await searchedSet(input, { kind: 'rest' }, '');
  const index = await ExactIndex.build(set.gallery);
  const signal = new AbortController().signal;
  const scores = await scoreQueries(index, set, { keep, signal, onBlock: () => Promise.resolve() });
  index.dispose();
  return { scores, set };
}

// A coarse grid, so that ties and exact duplicates of one class and of two are common.
const point = fc.tuple(
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: -3, max: 3 }).map((value) => value / 2),
  fc.integer({ min: -3, max: 3 }).map((value) => value / 2),
);
const points = fc.array(point, { minLength: 2, maxLength: 40 });

test('every query is scored as its whole list is by definition, ties to the smaller row', async () => {
  await fc.assert(
    fc.asyncProperty(points, async (drawn) => {
      const { scores } = await scored(drawn);
      const counted = drawn.flatMap(([label], row) =>
        drawn.some(([other], j) => j !== row && other === label) ? [row] : [],
      );
      expect(Array.from(scores.rows)).toEqual(counted);
      counted.forEach((row, query) => {
        const [label, x, y] = drawn[row]!;
        const list = drawn
          .map(([other, a, b], j) => ({ j, hit: other === label ? 1 : 0, key: (a - x) ** 2 + (b - y) ** 2 }))
          .filter(({ j }) => j !== row)
          .sort((a, b) => a.key - b.key || a.j - b.j);
        const hits = list.map(({ hit }) => hit);
        const relevant = hits.reduce((sum: number, hit) => sum + hit, 0);
        expect(scores.rank[query]).toBe(firstHitRank(hits));
        expect(scores.rPrecision[query]).toBeCloseTo(rPrecision(hits, relevant), 6);
        expect(scores.averagePrecisionAtR[query]).toBeCloseTo(averagePrecisionAtR(hits, relevant), 6);
        expect(Array.from(scores.neighbors.subarray(query * scores.keep, (query + 1) * scores.keep))).toEqual(
          list.slice(0, scores.keep).map(({ j }) => j),
        );
      });
    }),
    { numRuns: 80 },
  );
});

test('the order of the rows and the names of the classes do not matter where nothing is tied', async () => {
  const shuffled = fc
    .uniqueArray(fc.integer({ min: -500, max: 500 }), { minLength: 4, maxLength: 30 })
    .chain((places) =>
      fc.tuple(
        fc.constant(places.map((place, i): Point => [i % 3, place, place * place * 1e-3])),
        fc.shuffledSubarray([...places.keys()], { minLength: places.length, maxLength: places.length }),
      ),
    );
  await fc.assert(
    fc.asyncProperty(shuffled, async ([drawn, order]) => {
      const renamed = order.map((row): Point => [7 - drawn[row]![0], drawn[row]![1], drawn[row]![2]]);
      const sorted = async (list: readonly Point[]): Promise<number[]> =>
        Array.from((await scored(list)).scores.averagePrecisionAtR).sort((a, b) => a - b);
      const [first, second] = [await sorted(drawn), await sorted(renamed)];
      // Distances that are equal up to rounding may be ordered either way.
      const distances = new Set(
        drawn.flatMap(([, x, y], i) =>
          drawn.slice(i + 1).map(([, a, b]) => Math.fround((a - x) ** 2 + (b - y) ** 2)),
        ),
      );
      fc.pre(distances.size === (drawn.length * (drawn.length - 1)) / 2);
      expect(second).toEqual(first);
    }),
    { numRuns: 60 },
  );
});

test('clear classes are perfect, and a class whose images are each among strangers is the worst', async () => {
  const clear = Array.from({ length: 20 }, (_, i): Point => [i % 4, (i % 4) * 100, i]);
  const { scores } = await scored(clear);
  expect(
    [...scores.rank, ...scores.rPrecision, ...scores.averagePrecisionAtR].every((one) => one === 1),
  ).toBe(true);
  // Two images at the far ends: everything else is nearer.
  const apart: Point[] = [
    [0, -50, 0],
    [0, 50, 0],
    ...Array.from({ length: 9 }, (_, i): Point => [1, i - 4, 0]),
  ];
  const worst = (await scored(apart)).scores;
  expect(Array.from(worst.rank.subarray(0, 2))).toEqual([10, 10]);
  expect(Array.from(worst.firstHitRank.subarray(0, 2))).toEqual([0, 0]);
  expect(Array.from(worst.rPrecision.subarray(0, 2))).toEqual([0, 0]);
  expect(worst.margin[0]).toBeCloseTo(46 - 100, 4);
});

test('a copy in another class is no hit, and the query never finds itself', async () => {
  const { scores } = await scored([
    [0, 1, 1],
    [1, 1, 1],
    [0, 5, 5],
    [1, 9, 9],
  ]);
  expect(Array.from(scores.rank)).toEqual([2, 3, 1, 3]);
});
