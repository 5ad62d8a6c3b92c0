import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { VectorSpace, type VectorTable } from '../space/vector-space.ts';
import { centroidHits } from './centroid-hits.ts';
import { countPairs, operatingPoint, ratesAt } from './verification.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
});

function table(rows: readonly (readonly number[])[]): VectorTable {
  return { data: Float32Array.from(rows.flat()), rows: rows.length, dim: rows[0]!.length };
}

/** Classes on a circle, `spread` wide. */
function circle(classes: number, each: number, spread: number): { space: VectorSpace; labels: Int32Array } {
  const labels = Int32Array.from({ length: classes * each }, (_, i) => i % classes);
  const angles = Array.from(labels, (label, i) => (label / classes) * 6.28 + spread * Math.sin(i * 12.9898));
  const space = new VectorSpace(table(angles.map((angle) => [Math.cos(angle), Math.sin(angle)])), 'cosine');
  return { space, labels };
}

test('counts every pair once, as brute force does', async () => {
  const { space, labels } = circle(7, 9, 0.5);
  const thresholds = [0.3, 0.8];
  const { histogram, genuine, misses } = await countPairs(space, labels, { thresholds });
  let impostors = 0;
  let falseMatches = 0;
  const missed = new Float64Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    for (let j = i + 1; j < labels.length; j++) {
      const distance = Math.sqrt(space.key(i, space, j));
      if (labels[i] !== labels[j]) {
        impostors++;
        if (distance < 0.8) falseMatches++;
      } else if (distance >= 0.8) {
        missed[i]!++;
        missed[j]!++;
      }
    }
  }
  expect(histogram.impostor.reduce((sum, pairs) => sum + pairs, 0)).toBe(impostors);
  expect(histogram.genuine.reduce((sum, pairs) => sum + pairs, 0)).toBe((7 * 9 * 8) / 2);
  expect(ratesAt(histogram, 0.8).fmr).toBeCloseTo(falseMatches / impostors, 2);
  expect(misses[1]).toEqual(missed);
  expect(genuine).toEqual(new Float64Array(63).fill(8));
});

test('the threshold keeps the false match rate, and the next step does not', async () => {
  const { space, labels } = circle(12, 10, 0.4);
  const { histogram } = await countPairs(space, labels);
  const impostors = histogram.impostor.reduce((sum, pairs) => sum + pairs, 0);
  for (const fmr of [0.1, 0.01]) {
    const point = operatingPoint(histogram, fmr)!;
    expect(point.fmr).toBeLessThanOrEqual(fmr);
    const edge = Math.round(point.threshold ** 2 / histogram.step);
    expect(point.fmr * impostors + histogram.impostor[edge]!).toBeGreaterThan(fmr * impostors);
  }
  expect(operatingPoint(histogram, 1e-4)).toBeNull();
});

test('clear classes have no false non-match, one point for all has nothing else', async () => {
  const clear = circle(8, 8, 0.01);
  expect(operatingPoint((await countPairs(clear.space, clear.labels)).histogram, 0.01)).toMatchObject({
    fnmr: 0,
  });
  const same = new VectorSpace(table(Array.from({ length: 40 }, () => [0.6, 0.8])), 'cosine');
  const labels = Int32Array.from({ length: 40 }, (_, i) => i % 4);
  expect(operatingPoint((await countPairs(same, labels)).histogram, 0.1)).toMatchObject({ fmr: 0, fnmr: 1 });
});

test('the nearest centroid is found as by definition, the query left out of its own', async () => {
  const rows = fc.array(
    fc.tuple(
      fc.integer({ min: 0, max: 3 }),
      fc.integer({ min: -8, max: 8 }),
      fc.integer({ min: -8, max: 8 }),
    ),
    {
      minLength: 3,
      maxLength: 30,
    },
  );
  await fc.assert(
    fc.asyncProperty(rows, async (drawn) => {
      const labels = Int32Array.from(drawn, ([label]) => label);
      const points = drawn.map(([, x, y]) => [x / 4, y / 4] as const);
      const space = new VectorSpace(table(points), 'euclidean');
      const queries = Int32Array.from(labels.keys()).filter(
        (row) => labels.filter((one) => one === labels[row]).length > 1,
      );
      const order = [...new Set(labels)];
      const want = Array.from(queries, (row) => {
        const keys = order.map((label) => {
          const own = points.filter((_, i) => labels[i] === label && i !== row);
          const x = own.reduce((sum, point) => sum + point[0], 0) / own.length;
          const y = own.reduce((sum, point) => sum + point[1], 0) / own.length;
          return own.length === 0 ? Infinity : (points[row]![0] - x) ** 2 + (points[row]![1] - y) ** 2;
        });
        return { keys, own: order.indexOf(labels[row]!) };
      });
      const hits = await centroidHits(space, labels, queries, space, labels);
      want.forEach(({ keys, own }, i) => {
        const others = keys.filter((_, label) => label !== own);
        // Where both are as near up to rounding, either answer is right.
        if (Math.abs(Math.min(...others) - keys[own]!) > 1e-9)
          expect(hits[i]).toBe(keys[own]! < Math.min(...others) ? 1 : 0);
      });
    }),
    { numRuns: 60 },
  );
});
