import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '#workers/backend/open-backend.ts';
import { createRandom } from '../random/counter-random.ts';
import { effectiveRank } from './effective-rank.ts';
import { symmetricEigenvalues } from './symmetric-eigenvalues.ts';

beforeAll(() => openBackend('auto'));

const rankOf = (rows: number[][]): number => tf.tidy(() => effectiveRank(tf.tensor2d(rows)));

describe('symmetric eigenvalues', () => {
  it('are those of a matrix made from known ones', () => {
    const size = 24;
    const random = createRandom(3);
    const wanted = Array.from({ length: size }, (_, i) => (i < 4 ? 0 : i % 5 === 0 ? 2 : random.normal()));
    const matrix = new Float64Array(size * size);
    for (const [i, value] of wanted.entries()) matrix[i * size + i] = value;
    // Reflections keep the eigenvalues and fill the matrix.
    for (let round = 0; round < 3; round++) {
      const v = Array.from({ length: size }, () => random.normal());
      const norm = v.reduce((sum, x) => sum + x * x, 0);
      const reflect = (get: (i: number) => number, set: (i: number, x: number) => void): void => {
        const along = v.reduce((sum, x, i) => sum + x * get(i), 0);
        const moved = v.map((x, i) => get(i) - (2 * along * x) / norm);
        for (const [i, x] of moved.entries()) set(i, x);
      };
      for (let r = 0; r < size; r++)
        reflect(
          (i) => matrix[r * size + i] as number,
          (i, x) => (matrix[r * size + i] = x),
        );
      for (let c = 0; c < size; c++)
        reflect(
          (i) => matrix[i * size + c] as number,
          (i, x) => (matrix[i * size + c] = x),
        );
    }
    const found = [...symmetricEigenvalues(matrix, size)].sort((a, b) => a - b);
    for (const [i, value] of wanted.sort((a, b) => a - b).entries()) expect(found[i]).toBeCloseTo(value, 10);
  });

  it('of one number, of a diagonal and of zeros', () => {
    expect([...symmetricEigenvalues(Float64Array.of(7), 1)]).toEqual([7]);
    expect([...symmetricEigenvalues(Float64Array.of(2, 0, 0, 5), 2)].sort()).toEqual([2, 5]);
    expect([...symmetricEigenvalues(new Float64Array(9), 3)]).toEqual([0, 0, 0]);
  });
});

describe('effective rank', () => {
  it('counts directions that are filled alike', () => {
    expect(rankOf([[1, 0, 0], [0, 1, 0], [0, 0, -1]])).toBeCloseTo(3, 5); // prettier-ignore
    expect(rankOf([[1, 0, 0], [0, 1, 0]])).toBeCloseTo(2, 5); // prettier-ignore
    expect(rankOf([[0.6, 0.8], [0.6, 0.8], [-0.6, -0.8]])).toBeCloseTo(1, 3); // prettier-ignore
    expect(rankOf([[0, 0], [0, 0]])).toBe(0); // prettier-ignore
  });

  it('is the exponential of the entropy of the singular values', () => {
    const shares = [3, 1, 1].map((s) => s / 5);
    const wanted = Math.exp(-shares.reduce((sum, p) => sum + p * Math.log(p), 0));
    expect(rankOf([[3, 0, 0], [0, 1, 0], [0, 0, 1]])).toBeCloseTo(wanted, 5); // prettier-ignore
  });
});
