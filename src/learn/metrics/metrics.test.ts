import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { bootstrapMacro, bootstrapMeans, bootstrapPairShare, pairedDifference } from './bootstrap.ts';
import { adjustedMutualInformation, normalizedMutualInformation } from './clustering-agreement.ts';
import { contingency, redrawn } from './contingency.ts';
import { halfSampled } from './half-samples.ts';
import { kMeans } from './k-means.ts';
import { pairScores } from './pair-counting.ts';
import {
  averagePrecision,
  averagePrecisionAtR,
  firstHitRank,
  rPrecision,
  recallAtK,
  voteOf,
} from './retrieval.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
});

test('the worked examples of the docstrings', () => {
  expect(recallAtK([0, 0, 1], 2)).toBe(0);
  expect(recallAtK([0, 0, 1], 4)).toBe(1);
  expect(rPrecision([1, 0, 1, 1], 3)).toBe(2 / 3);
  expect(averagePrecisionAtR([1, 0, 1, 1], 3)).toBeCloseTo(5 / 9, 15);
  expect(averagePrecision([0, 1, 1], 2)).toBeCloseTo(7 / 12, 15);
  expect(firstHitRank([0, 0, 1])).toBe(3);
  expect(firstHitRank([0, 0])).toBe(0);
  expect(normalizedMutualInformation(contingency([0, 0, 1, 1], [5, 5, 7, 7]))).toBe(1);
  expect(pairScores(contingency([0, 0, 1, 1], [5, 5, 5, 7])).recall).toBe(0.5);
  expect(voteOf([4, 7, 7, 4, 1])).toBe(4);
  expect(pairedDifference([0, 1], [1, 1], { samples: 100, seed: 1 }).value).toBe(0.5);
});

test('an interval covers the true mean in about 95 of 100 repetitions', () => {
  let covered = 0;
  for (let repetition = 0; repetition < 200; repetition++) {
    // 80 draws of a coin that falls 1 with chance 0.3.
    const values = Float64Array.from({ length: 80 }, (_, i) => (noise(repetition * 80 + i) < 0.3 ? 1 : 0));
    const { values: score } = bootstrapMeans({ values }, { samples: 300, seed: repetition });
    if (score.low <= 0.3 && score.high >= 0.3) covered++;
  }
  expect(covered).toBeGreaterThan(178);
  expect(covered).toBeLessThan(200);
});

test('the same seed gives the same interval, another seed another', () => {
  const values = Float64Array.from({ length: 50 }, (_, i) => noise(i));
  const once = bootstrapMeans({ values }, { samples: 200, seed: 5 });
  expect(bootstrapMeans({ values }, { samples: 200, seed: 5 })).toEqual(once);
  expect(bootstrapMeans({ values }, { samples: 200, seed: 6 })).not.toEqual(once);
});

test('the interval over classes is wider where queries of a class are alike', () => {
  // Ten classes of ten queries: four classes are all right, six all wrong.
  const classes = Array.from({ length: 100 }, (_, i) => Math.floor(i / 10));
  const alike = classes.map((one) => (one < 4 ? 1 : 0));
  // The same share right in every class: which classes are drawn is all the same.
  const even = classes.map((_, i) => (i % 10 < 4 ? 1 : 0));
  const options = { samples: 500, seed: 3, classes };
  const scores = bootstrapMeans({ alike, even }, options);
  const { low, high, classLow, classHigh } = scores.alike;
  // A mean of ten draws with chance 0.4: 95 % lie between 1 and 7 of ten.
  expect([classLow, classHigh]).toEqual([expect.closeTo(0.1, 1), expect.closeTo(0.7, 1)]);
  expect(classHigh! - classLow!).toBeGreaterThan(2 * (high - low));
  expect(scores.even).toMatchObject({ classLow: expect.closeTo(0.4), classHigh: expect.closeTo(0.4) });
  expect(bootstrapMeans({ alike, even }, options)).toEqual(scores);
  // The interval over queries is what it is without classes.
  expect(bootstrapMeans({ alike }, { samples: 500, seed: 3 }).alike).toEqual({ value: 0.4, low, high });
});

test('classes of unequal size weigh by their queries; one class has no interval over classes', () => {
  const values = [1, 0, 0, 0];
  const { values: score } = bootstrapMeans({ values }, { samples: 400, seed: 1, classes: [7, 9, 9, 9] });
  // The draws: both the first (1), both the second (0), one of each (1/4).
  expect(score).toMatchObject({ value: 0.25, classLow: 0, classHigh: 1 });
  const one = bootstrapMeans({ values }, { samples: 10, seed: 1, classes: [5, 5, 5, 5] });
  expect(one.values).not.toHaveProperty('classLow');
  expect(() => bootstrapMeans({ values }, { samples: 10, seed: 1, classes: [5] })).toThrow(RangeError);
});

test('half samples show the spread of a mean over new samples, over images and over classes', () => {
  const classes = Array.from({ length: 400 }, (_, i) => i % 40);
  const values = classes.map((label, i) => (noise(label) + noise(1000 + i)) / 2);
  const mean = (rows: ArrayLike<number>): number =>
    Array.from(rows, (row) => values[row]!).reduce((sum, value) => sum + value, 0) / rows.length;
  const all = { mean: mean(Array.from(classes.keys())) };
  const half = halfSampled(all, classes, (rows) => ({ mean: mean(rows) }), { samples: 400, seed: 2 }).mean;
  const drawn = bootstrapMeans({ values }, { samples: 400, seed: 2, classes }).values;
  expect((half.high - half.low) / (drawn.high - drawn.low)).toBeCloseTo(1, 0);
  expect((half.classHigh! - half.classLow!) / (drawn.classHigh! - drawn.classLow!)).toBeCloseTo(1, 0);
});

test('the interval of an agreement lies around its value and never above 1', () => {
  const labels = Array.from({ length: 300 }, (_, i) => i % 60);
  const clusters = labels.map((label, i) => (noise(i) < 0.5 ? label : Math.floor(noise(i + 1000) * 60)));
  const scoresOf = (rows: Int32Array | null, of = contingency(labels, clusters)) => {
    const table = rows === null ? of : redrawn(of, rows);
    return {
      nmi: normalizedMutualInformation(table),
      ami: adjustedMutualInformation(table),
      f1: pairScores(table).f1,
    };
  };
  const values = scoresOf(null);
  const options = { samples: 100, seed: 1 };
  const scores = halfSampled(values, labels, (rows) => scoresOf(rows), options);
  for (const { value, low, high, classLow, classHigh } of Object.values(scores)) {
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(high - low).toBeLessThan(0.2);
    expect(classHigh! - classLow!).toBeGreaterThan(0);
  }
  const same = contingency(labels, labels);
  const perfect = halfSampled(scoresOf(null, same), labels, (rows) => scoresOf(rows, same), options);
  expect(perfect.nmi).toEqual({ value: 1, low: 1, high: 1, classLow: 1, classHigh: 1 });
});

test('macro scores weigh classes alike', () => {
  const { value, classLow, classHigh } = bootstrapMacro([1, 0, 0, 0], [7, 9, 9, 9], {
    samples: 400,
    seed: 1,
  });
  expect([value, classLow, classHigh]).toEqual([0.5, 0, 1]);
});

test('a share of pairs: every pair depends on two images, so its interval is twice as wide', () => {
  const parts = Float64Array.from({ length: 100 }, (_, i) => (i % 4 === 0 ? 3 : 0));
  const wholes = new Float64Array(100).fill(6);
  const classes = Array.from({ length: 100 }, (_, i) => i >> 1);
  const share = bootstrapPairShare(parts, wholes, { samples: 500, seed: 4, classes });
  const mean = bootstrapMeans(
    { mean: parts.map((part, i) => part / wholes[i]!) },
    { samples: 500, seed: 4 },
  ).mean;
  expect(share.value).toBeCloseTo(0.125, 12);
  expect((share.high - share.low) / (mean.high - mean.low)).toBeCloseTo(2, 5);
  expect(share.classLow!).toBeLessThan(0.125);
});

test('k-means finds clear clusters and copies of one point', async () => {
  const data = Float32Array.from({ length: 90 }, (_, i) => (i % 3) * 10 + noise(i));
  const { assignment, inertia } = await kMeans({ data, rows: 90, dim: 1 }, 3, { seed: 1, restarts: 3 });
  expect(
    normalizedMutualInformation(
      contingency(
        Array.from(data, (_, i) => i % 3),
        assignment,
      ),
    ),
  ).toBe(1);
  expect(inertia).toBeLessThan(90 / 12 + 2);
  const same = await kMeans({ data: new Float32Array(8).fill(2), rows: 8, dim: 1 }, 3, { seed: 1 });
  expect(same.inertia).toBe(0);
});

/** A fixed sequence of unrelated numbers in [0, 1). */
function noise(i: number): number {
  const x = Math.sin(i * 12.9898 + 78.233) * 43758.5453;
  return x - Math.floor(x);
}
