import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { openBackend } from '#workers/backend/open-backend.ts';
import { negativeProbabilities } from '../../miners/batch/distance-weighted.ts';
import { findMethod } from '../../registry.ts';
import { unitRows } from '../centers.ts';
import { sampledTriplets } from './margin.ts';
import { distances } from '../parts/distances.ts';
import { pairMasks } from '../parts/pairs.ts';
import { randomPoints } from '../testing/built-case.ts';

const LABELS = [0, 1, 2, 0, 1, 2, 0, 1, 2, 3];
const settings = { cutoff: 0.5, reach: 1.6 };

beforeAll(async () => {
  await openBackend('auto');
});

it('draws one negative for each positive pair, as often as its chance says', () => {
  const points = randomPoints(3, LABELS, 4);
  const embeddings = unitRows(tf.tensor2d(points.rows.flat(), [LABELS.length, 4]));
  const labels = tf.tensor1d(LABELS, 'int32');
  const chances = negativeProbabilities(distances(embeddings), pairMasks(labels), {
    dim: 4,
    cutoff: settings.cutoff,
    nonzeroLossCutoff: settings.reach,
  });
  const draws = 200;
  const drawn = tf.tidy(() => {
    const sums = Array.from({ length: draws }, (_, i) => {
      const uniform = tf.fill<tf.Rank.R1>([1024], (i + 0.5) / draws);
      const triplets = sampledTriplets(embeddings, labels, uniform, settings);
      const ofPairs = tf.sum(triplets, 2).arraySync() as number[][];
      for (const [a, row] of ofPairs.entries())
        for (const [p, count] of row.entries())
          expect(count).toBe(a !== p && LABELS[a] === LABELS[p] && anyChance(chances, a) ? 1 : 0);
      return tf.sum(triplets, 1);
    });
    return tf.addN(sums).arraySync() as number[][];
  });
  const wanted = chances.arraySync();
  for (const [a, row] of drawn.entries()) {
    const positives = LABELS.filter((label) => label === LABELS[a]).length - 1;
    for (const [n, count] of row.entries())
      expect(Math.abs(count / draws - positives * wanted[a]![n]!)).toBeLessThan(positives * 0.011 + 1e-6);
  }
});

const anyChance = (chances: tf.Tensor2D, anchor: number): boolean =>
  chances.arraySync()[anchor]!.some((chance) => chance > 0);

it('says where the sampled distances leave nothing', () => {
  const problems = findMethod('margin')!.check!({ cutoff: 1.5 }, { classes: 10, minImagesPerClass: 5 });
  expect(problems).toEqual([
    { field: 'cutoff', message: 'The nearest sampled distance is 1.5; choose one below the farthest, 1.4.' },
  ]);
});
