import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { MiningRule } from '#shared/domain/triplet.ts';
import { VectorSpace } from '../space/vector-space.ts';
import { mineTriplets } from './smart.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
});

const space = (rows: readonly (readonly number[])[]) =>
  new VectorSpace(
    { data: Float32Array.from(rows.flat()), rows: rows.length, dim: rows[0]!.length },
    'euclidean',
  );

/** The definition, word for word. */
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
    const negative = others.find(
      ({ j, d }) =>
        labels[j] !== labels[a] &&
        (rule === 'nearest' || d > positive.d) &&
        (rule !== 'semi-hard' || d <= positive.d + margin),
    );
    if (negative === undefined) return [];
    return [[a, positive.j, negative.j, others.indexOf(positive) + 1, others.indexOf(negative) + 1]];
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
        const got = Array.from({ length: mined.count }, (_, i) => [
          mined.anchors[i],
          mined.positives[i],
          mined.negatives[i],
          mined.positiveRank[i],
          mined.negativeRank[i],
        ]);
        expect(got).toEqual(byDefinition(rows, labels, rule, margin));
        expect(mined.anchorsWithout).toBe(rows.length - mined.count);
      },
    ),
    { numRuns: 200 },
  );
});

test('what cannot be mined is refused with a sentence', async () => {
  const two = space([[0], [1]]);
  const options = { rule: 'smart', margin: 0.1 } as const;
  await expect(mineTriplets(two, Int32Array.of(1, 1), options)).rejects.toThrow('no negatives');
  await expect(mineTriplets(two, Int32Array.of(1, 2), options)).rejects.toThrow('No class has two images');
  await expect(mineTriplets(two, Int32Array.of(1), options)).rejects.toThrow('2 vectors and 1 labels');
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
