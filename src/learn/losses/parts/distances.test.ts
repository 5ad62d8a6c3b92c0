import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '#workers/backend/open-backend.ts';
import { unitRows } from '../centers.ts';
import { randomPoints } from '../testing/built-case.ts';
import { distances, squaredDistances } from './distances.ts';

beforeAll(async () => {
  await openBackend('auto');
});

const rowsOf = (seed: number, count: number, dim: number): tf.Tensor2D =>
  tf.tensor2d(randomPoints(seed, new Array<number>(count).fill(0), dim).rows.flat(), [count, dim]);
const largest = (x: tf.Tensor): number => tf.max(tf.abs(x)).dataSync()[0] as number;

describe('distances of copies', () => {
  it.each([2, 5, 9, 12, 17, 33])('are exactly 0 after scaling to unit length, with %i rows', (count) => {
    for (const dim of [3, 5, 8, 13, 64]) {
      const copies: tf.Tensor2D = tf.tile(rowsOf(count, 1, dim), [count, 1]);
      expect(largest(distances(unitRows(copies)))).toBe(0);
    }
  });

  it('have no gradient', () => {
    const copies: tf.Tensor2D = tf.tile(rowsOf(1, 1, 6), [5, 1]);
    expect(largest(tf.grad((x) => tf.sum(distances(x as tf.Tensor2D)))(copies))).toBe(0);
  });
});

describe('distances of many rows', () => {
  // Above the size up to which differences are written out.
  const [count, dim] = [360, 40];
  const x = (): tf.Tensor2D => {
    const rows = unitRows(rowsOf(2, count, dim));
    return tf.concat2d([rows, tf.slice2d(rows, [0, 0], [20, dim])], 0); // the first 20 twice
  };

  it('are those of few', () => {
    const rows = x();
    const part = tf.slice2d(rows, [0, 0], [50, dim]);
    const whole = tf.slice2d(squaredDistances(rows), [0, 0], [50, 50]);
    expect(largest(tf.sub(whole, squaredDistances(part)))).toBeLessThan(2e-6);
  });

  it('are 0 to copies and to themselves, and have finite gradients', () => {
    const all = distances(x());
    for (const at of [0, 7, 19]) {
      expect(largest(tf.slice2d(all, [at, at], [1, 1]))).toBe(0);
      expect(largest(tf.slice2d(all, [at, count + at], [1, 1]))).toBe(0);
    }
    const gradient = tf.grad((rows) => tf.sum(distances(rows as tf.Tensor2D)))(x());
    expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
  });
});
