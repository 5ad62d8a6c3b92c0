import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { MiningRule } from '#shared/domain/triplet.ts';
import { VectorSpace } from '../space/vector-space.ts';
import { type MinedTriplets, mineTriplets } from './smart.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
});

const space = (rows: readonly (readonly number[])[]) =>
  new VectorSpace(
    { data: Float32Array.from(rows.flat()), rows: rows.length, dim: rows[0]!.length },
    'euclidean',
  );

/** The definition, word for word: every anchor with the triplets of all negatives that fit, nearest first. */
function byDefinition(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  rule: MiningRule,
  margin: number,
) {
  return rows.flatMap((anchor, a) => {
    const others = rows
      .map((row, j) => ({
        j,
        d: Math.sqrt(row.reduce((sum, value, d) => sum + (anchor[d]! - value) ** 2, 0)),
      }))
      .filter(({ j }) => j !== a)
      .sort((x, y) => x.d - y.d || x.j - y.j);
    const positive = others.find(({ j }) => labels[j] === labels[a]);
    if (positive === undefined) return [];
    const fitting = others.filter(
      ({ j, d }) =>
        labels[j] !== labels[a] &&
        (rule === 'nearest' || d > positive.d) &&
        (rule !== 'semi-hard' || d <= positive.d + margin),
    );
    if (fitting.length === 0) return [];
    return [
      fitting.map((negative) => [
        a,
        positive.j,
        negative.j,
        others.indexOf(positive) + 1,
        others.indexOf(negative) + 1,
      ]),
    ];
  });
}

// Few different values: ties and exact copies everywhere.
const instance = fc.integer({ min: 1, max: 4 }).chain((dim) =>
  fc.array(
    fc.tuple(
      fc.array(
        fc.integer({ min: -4, max: 4 }).map((value) => value / 2),
        { minLength: dim, maxLength: dim },
      ),
      fc.integer({ min: 0, max: 4 }),
    ),
    { minLength: 3, maxLength: 50 },
  ),
);

test('mines what the definition says, with ranks, for every rule', async () => {
  await fc.assert(
    fc.asyncProperty(
      instance,
      fc.constantFrom<MiningRule>('smart', 'nearest', 'semi-hard'),
      fc.constantFrom(0, 0.5, 1),
      async (pairs, rule, margin) => {
        const labels = pairs.map(([, label]) => label);
        const classes = new Set(labels).size;
        fc.pre(classes > 1 && classes < labels.length);
        const rows = pairs.map(([row]) => row);
        const mined = await mineTriplets(space(rows), Int32Array.from(labels), { rule, margin });
        expect(listOf(mined)).toEqual(byDefinition(rows, labels, rule, margin).map(([first]) => first));
        expect(mined.anchorsWithout).toBe(rows.length - mined.count);
      },
    ),
    { numRuns: 200 },
  );
});

const listOf = (mined: MinedTriplets): number[][] =>
  Array.from({ length: mined.count }, (_, i) =>
    [mined.anchors, mined.positives, mined.negatives, mined.positiveRank, mined.negativeRank].map(
      (column) => column[i]!,
    ),
  );

test('a rank window takes one of the ranks, by seed', async () => {
  await fc.assert(
    fc.asyncProperty(
      instance,
      fc.constantFrom<MiningRule>('smart', 'nearest', 'semi-hard'),
      fc.integer({ min: 1, max: 4 }),
      fc.nat(6),
      async (pairs, rule, first, more) => {
        const labels = pairs.map(([, label]) => label);
        const classes = new Set(labels).size;
        fc.pre(classes > 1 && classes < labels.length);
        const rows = pairs.map(([row]) => row);
        const window = { first, last: first + more, seed: 3 };
        const mine = () => mineTriplets(space(rows), Int32Array.from(labels), { rule, margin: 1, window });
        const got = listOf(await mine());
        const fitting = byDefinition(rows, labels, rule, 1).filter((all) => all.length >= first);
        expect(got.map(([anchor]) => anchor)).toEqual(fitting.map(([nearest]) => nearest![0]));
        for (const [i, triplet] of got.entries())
          expect(fitting[i]!.slice(first - 1, window.last)).toContainEqual(triplet);
        expect(listOf(await mine())).toEqual(got);
      },
    ),
    { numRuns: 100 },
  );
});

test('hundreds of copies neither lose a row nor change the order', async () => {
  const rows = Array.from({ length: 400 }, (_, i) => [i % 5, (i * 7) % 3]);
  const labels = rows.map((_, i) => i % 11);
  for (const window of [undefined, { first: 40, last: 40, seed: 1 }]) {
    const options = { rule: 'nearest', margin: 0, ...(window ? { window } : {}) } as const;
    const got = listOf(await mineTriplets(space(rows), Int32Array.from(labels), options));
    const at = (window?.first ?? 1) - 1;
    expect(got).toEqual(byDefinition(rows, labels, 'nearest', 0).map((fitting) => fitting[at]));
  }
});

test('a rank window comes to each of its ranks equally often', async () => {
  const rows = space(Array.from({ length: 40 }, (_, i) => [i]));
  const labels = Int32Array.from({ length: 40 }, (_, i) => (i < 2 ? 0 : i));
  const counts = [0, 0, 0];
  for (let seed = 0; seed < 300; seed++) {
    const window = { first: 2, last: 4, seed };
    const { negatives } = await mineTriplets(rows, labels, { rule: 'smart', margin: 0, window });
    counts[negatives[0]! - 3]! += 1;
  }
  for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(30);
});

test('what cannot be mined is refused with a sentence', async () => {
  const two = space([[0], [1]]);
  const options = { rule: 'smart', margin: 0.1 } as const;
  await expect(mineTriplets(two, Int32Array.of(1, 1), options)).rejects.toThrow('no negatives');
  await expect(mineTriplets(two, Int32Array.of(1, 2), options)).rejects.toThrow('No class has two images');
  await expect(mineTriplets(two, Int32Array.of(1), options)).rejects.toThrow('2 vectors and 1 labels');
  const none = { ...options, window: { first: 3, last: 2, seed: 1 } };
  await expect(mineTriplets(space([[0], [1], [2]]), Int32Array.of(1, 1, 2), none)).rejects.toThrow('window');
  await expect(mineTriplets(space([[0]]), Int32Array.of(1), options)).rejects.toThrow('at least two');
});

test('an aborted mining stops and leaves nothing on the backend', async () => {
  const before = tf.memory().numTensors;
  const mining = mineTriplets(space([[0], [1], [2]]), Int32Array.of(1, 1, 2), {
    rule: 'smart',
    margin: 0.1,
    signal: AbortSignal.abort(),
  });
  await expect(mining).rejects.toThrow('abort');
  expect(tf.memory().numTensors).toBe(before);
});
