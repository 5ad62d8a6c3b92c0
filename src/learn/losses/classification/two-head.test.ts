import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '#workers/backend/open-backend.ts';
import { composedKernels } from '../../backend/composed.ts';
import { classificationScores } from '../../metrics/classification.ts';
import { createRandom } from '../../random/counter-random.ts';
import { center } from './center.ts';
import { unitRows } from '../centers.ts';
import { accuracyOf } from './linear-classifier.ts';
import { twoHead } from './two-head.ts';

beforeAll(() => openBackend('auto'));

const context = { classes: 3, dim: 2, featureDim: 4, kernels: composedKernels, random: createRandom(1) };

describe('classifiers of methods', () => {
  it('read what their paper says: two heads the features, centre loss the embedding before its scaling', () => {
    const features = tf.tensor2d([1, 0, 0, 0, 0, 2, 0, 0], [2, 4]);
    const raw = tf.tensor2d([3, 0, 0, 4], [2, 2]);
    const passed = { features, raw, embeddings: unitRows(raw) };
    const kernel = (rows: number): tf.Tensor => tf.reshape(tf.range(0, rows * 3), [rows, 3]);
    const bias = tf.tensor1d([0, 0, 1]);
    const two = twoHead.build({ featureDivisor: 1 }, context).classify?.(passed, [kernel(4), bias]);
    expect([...two!.dataSync()]).toEqual([0, 1, 3, 6, 8, 11]);
    const divided = twoHead.build({ featureDivisor: 2 }, context).classify?.(passed, [kernel(4), bias]);
    expect([...divided!.dataSync()]).toEqual([0, 0.5, 2, 3, 4, 6]);
    const one = center.build({}, context).classify?.(passed, [kernel(2), bias]);
    expect([...one!.dataSync()]).toEqual([0, 3, 7, 12, 16, 21]);
  });

  it('give the accuracy that the metrics give', () => {
    const logits = tf.tensor2d([2, 1, 0, 0, 3, 1, 1, 0, 5, 4, 1, 2], [4, 3]);
    const labels = [0, 1, 2, 1];
    const accuracy = accuracyOf(logits, tf.tensor1d(labels, 'int32')).dataSync()[0];
    expect(accuracy).toBeCloseTo(classificationScores(logits.dataSync(), labels, 3).micro, 6);
  });

  it('move at the rate of the head', () => {
    expect(twoHead.build({}, context).parameters.map(({ rate }) => rate)).toEqual(['head', 'head']);
    expect(center.build({}, context).parameters.map(({ rate }) => rate)).toEqual(['head', 'head', 'none']);
  });

  it('moves a centre half of the way to one sample more than it has, and no other', () => {
    const built = center.build({}, context);
    const raw = tf.tensor2d([3, 0, 3, 6], [2, 2]);
    const batch = { raw, features: raw, embeddings: unitRows(raw), labels: tf.tensor1d([1, 1], 'int32') };
    const centers = tf.tensor2d([5, 5, 0, 0, 7, 7], [3, 2]);
    const [moved] = built.move?.({ ...batch, trained: [raw, raw, centers], inputs: [] }) ?? [];
    expect([...moved!.dataSync()]).toEqual([5, 5, 1, 1, 7, 7]);
  });
});
