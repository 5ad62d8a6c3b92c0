import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '#workers/backend/open-backend.ts';
import { distances, dotProducts, squaredDistances } from '../../losses/parts/distances.ts';
import { type PairMasks, pairMasks } from '../../losses/parts/pairs.ts';
import { createRandom } from '../../random/counter-random.ts';
import { mineAngular } from './angular.ts';
import { negativeProbabilities } from './distance-weighted.ts';
import { type EasyHardRule, mineEasyHard } from './easy-hard.ts';
import { mineMultiSimilarity } from './multi-similarity.ts';
import { readMask } from './read-mask.ts';
import { mineSemiHardOrLargest } from './semi-hard-or-largest.ts';
import { type MarginBand, mineTripletMargin } from './triplet-margin.ts';
import { tripletMask } from './triplet-mask.ts';

/** Each miner against its definition, word for word in float64, on batches of several sizes. */
const BATCHES = [
  { size: 6, dim: 3, classes: 2 },
  { size: 24, dim: 16, classes: 6 },
  { size: 40, dim: 64, classes: 17 },
];

beforeAll(async () => {
  await openBackend('auto');
});

interface Batch {
  readonly rows: readonly Float32Array[];
  readonly labels: readonly number[];
  readonly x: tf.Tensor2D;
  readonly pairs: PairMasks;
  /** Of the rows, in float64. */
  readonly d: (i: number, j: number) => number;
}

function batchOf({ size, dim, classes }: (typeof BATCHES)[number], seed: number): Batch {
  const random = createRandom(seed, size);
  const rows = Array.from({ length: size }, () => {
    const raw = Array.from({ length: dim }, () => random.normal());
    const length = Math.hypot(...raw);
    return Float32Array.from(raw, (value) => value / length);
  });
  const labels = rows.map(() => random.below(classes));
  return {
    rows,
    labels,
    x: tf.tensor2d(Float32Array.from(rows.flatMap((row) => [...row])), [size, dim]),
    pairs: pairMasks(tf.tensor1d(labels, 'int32')),
    d: (i, j) => Math.hypot(...rows[i]!.map((value, k) => value - rows[j]![k]!)),
  };
}

const others = (batch: Batch, a: number, same: boolean): number[] =>
  [...batch.rows.keys()].filter((j) => j !== a && (batch.labels[j] === batch.labels[a]) === same);

/** Everything of the batch: (a, p, n) in order. */
const triplets = (batch: Batch): [number, number, number][] =>
  [...batch.rows.keys()].flatMap((a) =>
    others(batch, a, true).flatMap((p) =>
      others(batch, a, false).map((n): [number, number, number] => [a, p, n]),
    ),
  );

const nearest = (batch: Batch, a: number, from: readonly number[]): number | undefined =>
  [...from].sort((i, j) => batch.d(a, i) - batch.d(a, j))[0];
const farthest = (batch: Batch, a: number, from: readonly number[]): number | undefined =>
  [...from].sort((i, j) => batch.d(a, j) - batch.d(a, i))[0];

/** One triplet an anchor. */
function easyHard(batch: Batch, rule: EasyHardRule): number[][] {
  return [...batch.rows.keys()].flatMap((a) => {
    let [positives, negatives] = [others(batch, a, true), others(batch, a, false)];
    const pickPositive = rule.positives === 'easy' ? nearest : farthest;
    const pickNegative = rule.negatives === 'easy' ? farthest : nearest;
    let p = pickPositive(batch, a, positives);
    let n = pickNegative(batch, a, negatives);
    if (rule.negatives === 'semihard' && p !== undefined) {
      const reach = batch.d(a, p);
      negatives = negatives.filter((j) => batch.d(a, j) > reach);
      n = nearest(batch, a, negatives);
    }
    if (rule.positives === 'semihard' && n !== undefined) {
      const reach = batch.d(a, n);
      positives = positives.filter((j) => batch.d(a, j) < reach);
      p = farthest(batch, a, positives);
    }
    return p === undefined || n === undefined ? [] : [[a, p, n]];
  });
}

function semiHardOrLargest(batch: Batch): number[][] {
  return [...batch.rows.keys()].flatMap((a) =>
    others(batch, a, true).flatMap((p) => {
      const all = others(batch, a, false);
      const beyond = all.filter((j) => batch.d(a, j) > batch.d(a, p));
      const n = beyond.length > 0 ? nearest(batch, a, beyond) : farthest(batch, a, all);
      return n === undefined ? [] : [[a, p, n]];
    }),
  );
}

function inBand(batch: Batch, band: MarginBand, margin: number): number[][] {
  return triplets(batch).filter(([a, p, n]) => {
    const gap = batch.d(a, n) - batch.d(a, p);
    if (band === 'easy') return gap > margin;
    return gap <= margin && (band === 'all' || (band === 'hard' ? gap <= 0 : gap > 0));
  });
}

function wideAngles(batch: Batch, degrees: number): number[][] {
  return triplets(batch).filter(([a, p, n]) => {
    const middle = batch.rows[a]!.map((value, k) => (value + batch.rows[p]![k]!) / 2);
    const toMiddle = Math.hypot(...batch.rows[n]!.map((value, k) => value - middle[k]!));
    return (Math.atan(batch.d(a, p) / (2 * toMiddle)) * 180) / Math.PI > degrees;
  });
}

function similarPairs(batch: Batch, epsilon: number, positive: boolean): number[][] {
  const s = (i: number, j: number): number =>
    batch.rows[i]!.reduce((sum, v, k) => sum + v * batch.rows[j]![k]!, 0);
  return [...batch.rows.keys()].flatMap((a) => {
    const mostNegative = Math.max(...others(batch, a, false).map((j) => s(a, j)));
    const leastPositive = Math.min(...others(batch, a, true).map((j) => s(a, j)));
    return others(batch, a, positive)
      .filter((j) => (positive ? s(a, j) - epsilon < mostNegative : s(a, j) + epsilon > leastPositive))
      .map((j) => [a, j]);
  });
}

async function listOf(mask: tf.Tensor): Promise<number[][]> {
  const flat = await readMask(mask);
  return Array.from({ length: flat.length / mask.rank }, (_, i) => [
    ...flat.subarray(i * mask.rank, (i + 1) * mask.rank),
  ]);
}

describe.each(BATCHES)('a batch of $size in $dim dimensions', (shape) => {
  const cases = Array.from({ length: 3 }, (_, seed) => seed);

  it.each<EasyHardRule>([
    { positives: 'hard', negatives: 'hard' },
    { positives: 'easy', negatives: 'hard' },
    { positives: 'easy', negatives: 'easy' },
    { positives: 'hard', negatives: 'easy' },
    { positives: 'easy', negatives: 'semihard' },
    { positives: 'hard', negatives: 'semihard' },
    { positives: 'semihard', negatives: 'hard' },
    { positives: 'semihard', negatives: 'easy' },
  ])('easy and hard: %o', async (rule) => {
    for (const seed of cases) {
      const batch = batchOf(shape, seed);
      const got = tripletMask(mineEasyHard(distances(batch.x), batch.pairs, rule));
      expect(await listOf(got)).toEqual(easyHard(batch, rule));
    }
  });

  it.each(['all', 'hard', 'semihard', 'easy'] as const)('margin, %s', async (band) => {
    for (const seed of cases) {
      const batch = batchOf(shape, seed);
      const got = mineTripletMargin(distances(batch.x), batch.pairs, { band, margin: 0.2 });
      expect(await listOf(got)).toEqual(inBand(batch, band, 0.2));
    }
  });

  it('semi-hard or largest', async () => {
    for (const seed of cases) {
      const batch = batchOf(shape, seed);
      expect(await listOf(mineSemiHardOrLargest(distances(batch.x), batch.pairs))).toEqual(
        semiHardOrLargest(batch),
      );
    }
  });

  it('multi-similarity', async () => {
    for (const seed of cases) {
      const batch = batchOf(shape, seed);
      const { positive, negative } = mineMultiSimilarity(dotProducts(batch.x), batch.pairs, 0.1);
      expect(await listOf(positive)).toEqual(similarPairs(batch, 0.1, true));
      expect(await listOf(negative)).toEqual(similarPairs(batch, 0.1, false));
    }
  });

  it('angular', async () => {
    for (const seed of cases) {
      const batch = batchOf(shape, seed);
      expect(await listOf(mineAngular(squaredDistances(batch.x), batch.pairs, 30))).toEqual(
        wideAngles(batch, 30),
      );
    }
  });

  it('distance-weighted', () => {
    for (const seed of cases) {
      const batch = batchOf(shape, seed);
      const weights = { dim: shape.dim, cutoff: 0.5, nonzeroLossCutoff: 1.4 };
      const got = negativeProbabilities(distances(batch.x), batch.pairs, weights).arraySync();
      for (const [a, row] of got.entries()) {
        const logs = new Map(
          others(batch, a, false)
            .map((n): [number, number] => [n, Math.max(0.5, batch.d(a, n))])
            .filter(([, d]) => d < 1.4)
            .map(([n, d]) => [
              n,
              (2 - shape.dim) * Math.log(d) - ((shape.dim - 3) / 2) * Math.log(1 - d ** 2 / 4),
            ]),
        );
        const top = Math.max(...logs.values());
        const sum = [...logs.values()].reduce((total, log) => total + Math.exp(log - top), 0);
        for (const [n, value] of row.entries()) {
          const log = logs.get(n);
          expect(value).toBeCloseTo(log === undefined ? 0 : Math.exp(log - top) / sum, 4);
        }
      }
    }
  });
});
