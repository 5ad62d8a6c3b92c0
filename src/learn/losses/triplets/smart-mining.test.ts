import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { openBackend } from '#workers/backend/open-backend.ts';
import { resolveConfig } from '../../config.ts';
import { createRandom } from '../../random/counter-random.ts';
import { smartMiningLoss } from './smart-mining.ts';

beforeAll(async () => {
  await openBackend('auto');
});

const settings = { margin: 0.3, globalWeight: 0.7, lambda: 0.8, gap: 0.4 };

/** Three unit rows a triplet. */
function unitRows(triplets: number, dim: number): number[][] {
  const random = createRandom(11);
  return Array.from({ length: 3 * triplets }, () => {
    const row = Array.from({ length: dim }, () => random.normal());
    return row.map((x) => x / Math.hypot(...row));
  });
}

/** By the definition, one triplet after the other. */
function byDefinition(
  rows: readonly number[][],
  { margin, globalWeight, lambda, gap }: typeof settings,
): number {
  const square = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, d) => sum + (value - y[d]!) ** 2, 0);
  const at = Array.from({ length: rows.length / 3 }, (_, i) => 3 * i);
  const near = at.map((i) => square(rows[i]!, rows[i + 1]!));
  const far = at.map((i) => square(rows[i]!, rows[i + 2]!));
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const variance = (values: readonly number[]): number => mean(values.map((x) => (x - mean(values)) ** 2));
  const quarter = (values: readonly number[]): number[] => values.map((x) => x / 4);
  const hinge = mean(near.map((value, i) => Math.max(0, value - far[i]! + margin)));
  const apart = Math.max(0, mean(quarter(near)) - mean(quarter(far)) + gap);
  return hinge + globalWeight * (variance(quarter(near)) + variance(quarter(far)) + lambda * apart);
}

it('is the mean hinge of the triplets plus their global loss', () => {
  const rows = unitRows(7, 5);
  const { value, perSample, figures } = smartMiningLoss(tf.tensor3d(rows.flat(), [7, 3, 5]), settings);
  expect(value.dataSync()[0]).toBeCloseTo(byDefinition(rows, settings), 5);
  const alone = smartMiningLoss(tf.tensor3d(rows.flat(), [7, 3, 5]), { ...settings, globalWeight: 0 });
  const each = perSample!.dataSync<'float32'>();
  expect(each).toHaveLength(21);
  expect(each.reduce((a, b) => a + b, 0) / 21).toBeCloseTo(alone.value.dataSync()[0]!, 6);
  const active = [...each].filter((hinge) => hinge > 0).length / 21;
  expect(figures![0]!.dataSync()[0]).toBeCloseTo(active, 6);
});

it('has a gradient of 0, not NaN, where all three images are one', () => {
  const same = tf.tensor3d(
    Array.from({ length: 12 }, () => 0.5),
    [1, 3, 4],
  );
  const gradient = tf.grad((rows) => smartMiningLoss(rows as tf.Tensor3D, settings).value)(same);
  expect(Array.from(gradient.dataSync(), Math.abs)).toEqual(new Array<number>(12).fill(0));
});

const facts = { classes: 10, minImagesPerClass: 6, trainImages: 90, validationImages: 20 };

it('takes batches of mined triplets, and says so where others are asked for', () => {
  const resolved = resolveConfig({ method: 'smart-mining', settings: {} }, facts);
  expect(resolved.config).toMatchObject({ sampler: 'mined', batch: 33, controller: 'adaptive' });
  expect(resolved.warnings).toEqual([]);
  const { problems } = resolveConfig(
    { method: 'smart-mining', settings: { sampler: 'per-class', batch: 32 } },
    facts,
  );
  expect(problems).toMatchObject([{ field: 'sampler' }]);
  expect(problems[0]!.message).toContain('only the sampler mined makes');
  const cut = resolveConfig({ method: 'triplet', settings: { sampler: 'mined', batch: 32 } }, facts);
  expect(cut.warnings).toEqual(['A batch of 32 holds 10 whole triplets: 30 images.']);
  const none = resolveConfig({ method: 'triplet', settings: { sampler: 'mined', batch: 2 } }, facts);
  expect(none.problems).toMatchObject([{ field: 'batch' }]);
});
