import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type OpenBackend, openBackend } from '#workers/backend/open-backend.ts';
import { record } from '../../backend/record/record.ts';
import { distances, squaredDistances } from '../../losses/parts/distances.ts';
import { type PairMasks, pairMasks } from '../../losses/parts/pairs.ts';
import { mineAngular } from './angular.ts';
import { drawNegatives, negativeProbabilities } from './distance-weighted.ts';
import { type Choice, mineEasyHard } from './easy-hard.ts';
import { mineMultiSimilarity } from './multi-similarity.ts';
import { readMask } from './read-mask.ts';
import { mineSemiHardOrLargest } from './semi-hard-or-largest.ts';
import { mineTripletMargin } from './triplet-margin.ts';
import { tripletMask } from './triplet-mask.ts';

let backend: OpenBackend;
beforeAll(async () => {
  backend = await openBackend('auto');
});

type Miner = (x: tf.Tensor2D, pairs: PairMasks) => tf.Tensor3D;

const choices: readonly Choice[] = ['easy', 'hard', 'semihard', 'all'];
const rules = choices
  .flatMap((positives) => choices.map((negatives) => ({ positives, negatives })))
  .filter(
    ({ positives: p, negatives: n }) => ![p, n].includes('semihard') || (p !== n && ![p, n].includes('all')),
  );
const bands = ['all', 'hard', 'semihard', 'easy'] as const;
const reach = { dim: 3, cutoff: 0.5, nonzeroLossCutoff: 1.4 };

/** Every miner as triplets. */
const MINERS: Readonly<Record<string, Miner>> = {
  ...Object.fromEntries(
    rules.map((rule): [string, Miner] => [
      `${rule.positives} positive, ${rule.negatives} negative`,
      (x, pairs) => tripletMask(mineEasyHard(distances(x), pairs, rule)),
    ]),
  ),
  ...Object.fromEntries(
    bands.map((band): [string, Miner] => [
      `margin, ${band}`,
      (x, pairs) => mineTripletMargin(distances(x), pairs, { band, margin: 0.3 }),
    ]),
  ),
  'semi-hard or largest': (x, pairs) => mineSemiHardOrLargest(distances(x), pairs),
  'multi-similarity': (x, pairs) => tripletMask(mineMultiSimilarity(tf.neg(distances(x)), pairs, 0.1)),
  angular: (x, pairs) => mineAngular(squaredDistances(x), pairs, 25),
};

// Few different values: ties and exact copies everywhere.
const batch = fc.array(
  fc.record({
    row: fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 2, maxLength: 2 }),
    label: fc.nat(3),
  }),
  { minLength: 2, maxLength: 9 },
);

async function tripletsOf(miner: Miner, rows: readonly (readonly number[])[], labels: readonly number[]) {
  const mask = tf.tidy(() =>
    miner(tf.tensor2d(rows.map((row) => [...row])), pairMasks(tf.tensor1d([...labels], 'int32'))),
  );
  const flat = await readMask(mask);
  mask.dispose();
  return Array.from({ length: flat.length / 3 }, (_, i) => [...flat.subarray(i * 3, i * 3 + 3)]);
}

describe.each(Object.entries(MINERS))('%s', (_, miner) => {
  it('compares an anchor with another of its class and one of another class, in order, each once', async () => {
    await fc.assert(
      fc.asyncProperty(batch, async (samples) => {
        const labels = samples.map(({ label }) => label);
        const triplets = await tripletsOf(
          miner,
          samples.map(({ row }) => row),
          labels,
        );
        for (const [a, p, n] of triplets as [number, number, number][]) {
          expect(p).not.toBe(a);
          expect(labels[p]).toBe(labels[a]);
          expect(labels[n]).not.toBe(labels[a]);
        }
        const order = triplets.map((triplet) => triplet.reduce((sum, index) => sum * 16 + index, 0));
        expect(order).toEqual([...new Set(order)].sort((x, y) => x - y));
      }),
      { numRuns: 15 },
    );
  });

  it('chooses the same samples in whatever order they stand', async () => {
    const rows = Array.from({ length: 9 }, (_, i) => [Math.sin(i * 12.9898), Math.cos(i * 78.233), i / 7]);
    const labels = [0, 0, 0, 1, 1, 2, 2, 2, 3];
    const straight = await tripletsOf(miner, rows, labels);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...rows.keys()], { minLength: 9 }), async (order) => {
        const got = await tripletsOf(
          miner,
          order.map((i) => rows[i]!),
          order.map((i) => labels[i]!),
        );
        const named = got.map((triplet) => triplet.map((i) => order[i]!).join()).sort();
        expect(named).toEqual(straight.map((triplet) => triplet.join()).sort());
      }),
      { numRuns: 10 },
    );
  });

  it('finds nothing where all are of one class, or none has another of its own', async () => {
    const rows = [
      [0, 1],
      [1, 0],
      [1, 1],
      [0, 0],
    ];
    expect(await tripletsOf(miner, rows, [5, 5, 5, 5])).toEqual([]);
    expect(await tripletsOf(miner, rows, [0, 1, 2, 3])).toEqual([]);
  });

  it('can stand in a loss: no gradient through the choice, and a recorded step chooses anew', () => {
    const labels = tf.tensor1d([0, 0, 1, 1, 2, 2], 'int32');
    const step = (...[x]: tf.Tensor[]): tf.Tensor =>
      tf.tidy(() => {
        const loss = (rows: tf.Tensor2D): tf.Scalar =>
          tf.sum(tf.mul(tf.sum(miner(rows, pairMasks(labels)), 2), distances(rows)));
        const gradient = tf.grad(loss as (x: tf.Tensor) => tf.Tensor)(x!);
        return tf.concat([tf.reshape(gradient, [-1]), tf.reshape(loss(x as tf.Tensor2D), [1])]);
      });
    const warnings: string[] = [];
    const { nativeBackend } = backend;
    const recorded = nativeBackend?.binding.addFunction
      ? record(nativeBackend, step, (reason) => warnings.push(reason))
      : { call: step, isReplaying: () => true, dispose: () => undefined };
    for (let call = 0; call < 6; call++) {
      const x = tf.randomUniform([6, 3], -1, 1, 'float32', 7 + call);
      const [got, want] = [recorded.call(x).dataSync(), step(x).dataSync()];
      for (const [i, value] of want.entries()) expect(got[i]).toBeCloseTo(value, 4);
      expect(want.every(Number.isFinite)).toBe(true);
    }
    expect(warnings).toEqual([]);
    expect(recorded.isReplaying()).toBe(true);
    recorded.dispose();
  });
});

describe('ties', () => {
  const rows = [[0], [1], [-1], [2], [-2], [2]];
  const labels = [0, 0, 0, 1, 1, 1];

  it.each([
    [{ positives: 'easy', negatives: 'hard' }, [0, 1, 3]],
    [{ positives: 'hard', negatives: 'easy' }, [0, 1, 3]],
    [{ positives: 'easy', negatives: 'semihard' }, [0, 1, 3]],
    [{ positives: 'semihard', negatives: 'hard' }, [0, 1, 3]],
  ] as const)('go to the smaller index with %o', async (rule, first) => {
    const found = await tripletsOf(
      (x, pairs) => tripletMask(mineEasyHard(distances(x), pairs, rule)),
      rows,
      labels,
    );
    expect(found[0]).toEqual(first);
  });

  it('a negative as near as the positive is not semi-hard', async () => {
    const found = await tripletsOf(MINERS['semi-hard or largest']!, [[0], [1], [-1], [3]], [0, 0, 1, 1]);
    expect(found.filter(([a]) => a === 0)).toEqual([[0, 1, 3]]);
  });

  it('semi-hard takes the largest where no negative is farther than the positive', async () => {
    const found = await tripletsOf(
      MINERS['semi-hard or largest']!,
      [[0], [9], [1], [-2], [2]],
      [0, 0, 1, 1, 2],
    );
    expect(found[0]).toEqual([0, 1, 3]);
  });
});

it('refuses two rules that wait for each other', () => {
  const pairs = pairMasks(tf.tensor1d([0, 0, 1], 'int32'));
  for (const other of ['semihard', 'all'] as const) {
    const rule = { positives: 'semihard', negatives: other } as const;
    expect(() => mineEasyHard(tf.zeros([3, 3]), pairs, rule)).toThrow(RangeError);
  }
});

describe('distance-weighted sampling', () => {
  const onSphere = fc.array(
    fc.tuple(
      fc.double({ min: 0, max: 6.28, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.nat(3),
    ),
    {
      minLength: 2,
      maxLength: 10,
    },
  );
  const unit = (angle: number, z: number): number[] => {
    const r = Math.sqrt(1 - z * z);
    return [r * Math.cos(angle), r * Math.sin(angle), z];
  };

  it('gives each anchor negatives in reach alone, with probabilities that sum to 1, or none', () => {
    fc.assert(
      fc.property(onSphere, (points) => {
        const labels = points.map(([, , label]) => label);
        const x = tf.tensor2d(points.map(([angle, z]) => unit(angle, z)));
        const d = distances(x);
        const rows = negativeProbabilities(d, pairMasks(tf.tensor1d(labels, 'int32')), reach).arraySync();
        const apart = d.arraySync();
        for (const [a, row] of rows.entries()) {
          const reached = row.map(
            (_, n) => labels[n] !== labels[a] && Math.max(apart[a]![n]!, 0.5) < Math.fround(1.4),
          );
          row.forEach((value, n) => {
            expect(value > 0).toBe(reached[n]);
          });
          expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(reached.includes(true) ? 1 : 0, 5);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('stays finite in many dimensions and at both ends of the sphere', () => {
    const d = tf.tensor2d([
      [0, 0, 2],
      [0, 0, 1],
      [2, 1, 0],
    ]);
    const pairs = pairMasks(tf.tensor1d([0, 1, 2], 'int32'));
    const got = negativeProbabilities(d, pairs, {
      dim: 1024,
      cutoff: 0.01,
      nonzeroLossCutoff: 2.1,
    }).arraySync();
    for (const row of got) expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  });

  it('draws what the number falls on, and never what has no chance', async () => {
    const chances = tf.tensor2d([
      [0, 0, 0.25, 0.75, 0],
      [0, 0, 0, 0, 0],
      [0.5, 0, 0, 0, 0.5],
      [0, 1, 0, 0, 0],
      [0, 0, 0, 1, 0],
    ]);
    const pairs = pairMasks(tf.tensor1d([0, 0, 1, 1, 2], 'int32'));
    const draw = async (u: number): Promise<number[]> => [
      ...(await readMask(drawNegatives(chances, tf.fill([5, 5], u), pairs))),
    ];
    expect(await draw(0)).toEqual([0, 1, 2, 2, 3, 0, 3, 2, 1]);
    expect(await draw(0.3)).toEqual([0, 1, 3, 2, 3, 0, 3, 2, 1]);
    expect(await draw(1)).toEqual([0, 1, 3, 2, 3, 4, 3, 2, 1]);
  });

  it('draws as often as the probabilities say', () => {
    const share = [0, 0.1, 0.2, 0.3, 0.4];
    const chances = tf.tensor2d([share, ...Array.from({ length: 4 }, () => [1, 0, 0, 0, 0])]);
    const pairs = { positive: tf.ones<tf.Rank.R2>([5, 5]), negative: tf.ones<tf.Rank.R2>([5, 5]) };
    const counts = new Array<number>(5).fill(0);
    for (let i = 0; i < 200; i++) {
      const u = tf.fill<tf.Rank.R2>([5, 5], (i + 0.5) / 200);
      const drawn = tf.slice(drawNegatives(chances, u, pairs), [0, 0, 0], [1, 1, 5]).dataSync();
      drawn.forEach((value, n) => (counts[n]! += value));
    }
    expect(counts).toEqual(share.map((p) => Math.round(p * 200)));
  });
});
