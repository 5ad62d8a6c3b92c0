import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '#workers/backend/open-backend.ts';
import { createRandom } from '../../random/counter-random.ts';
import { classClusters, nearestClusters } from './class-clusters.ts';
import type { TrainingEmbeddings } from '../method.ts';

beforeAll(() => openBackend('auto'));

function setOf(rows: readonly (readonly [x: number, y: number, label: number])[]): TrainingEmbeddings {
  const embeddings = Float32Array.from(rows.flatMap(([x, y]) => [x, y]));
  const labels = Int32Array.from(rows, ([, , label]) => label);
  return { dim: 2, classes: Math.max(...labels) + 1, embeddings, raw: embeddings, labels };
}

const sorted = (values: Float32Array): number[][] =>
  [0, 1].map((i) => [...values.subarray(i * 2, i * 2 + 2)]).sort((a, b) => a[0]! - b[0]!);

describe('clusters of classes', () => {
  it('finds two heaps of a class from every start', () => {
    const rows = [0, 1, 2, 10, 11, 12].map((x) => [x, 1, 0] as const);
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const found = classClusters(setOf(rows), 2, createRandom(seed));
        expect(sorted(found)).toEqual([
          [1, 1],
          [11, 1],
        ]);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    [
      'fewer images than clusters',
      [[3, 4, 0]],
      [
        [3, 4],
        [3, 4],
      ],
    ],
    [
      'as many',
      [
        [5, 6, 0],
        [3, 4, 0],
      ],
      [
        [3, 4],
        [5, 6],
      ],
    ],
    [
      'copies only',
      [
        [1, 1, 0],
        [1, 1, 0],
        [1, 1, 0],
      ],
      [
        [1, 1],
        [1, 1],
      ],
    ],
  ] as const)('%s', (_, rows, wanted) => {
    expect(sorted(classClusters(setOf(rows), 2, createRandom(1)))).toEqual(wanted);
  });

  it('leaves a class without images at 0', () => {
    expect([...classClusters(setOf([[7, 7, 1]]), 1, createRandom(1))]).toEqual([0, 0, 7, 7]);
  });

  it('names the nearest cluster of the own class, the smaller of equals', () => {
    const centroids = tf.tensor3d([0, 0, 4, 0, 1, 0, 3, 0], [2, 2, 2]);
    const samples = tf.tensor2d([1, 0, 3, 0, 2, 0, 9, 9], [4, 2]);
    const labels = tf.tensor1d([0, 0, 1, 1], 'int32');
    expect([...nearestClusters(samples, labels, centroids).dataSync()]).toEqual([0, 1, 2, 3]);
  });
});
