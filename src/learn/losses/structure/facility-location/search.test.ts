import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '#workers/backend/open-backend.ts';
import { type FixtureTensor, readFixture } from '../../../../../test/parity/learn-fixture.ts';
import { unitRows } from '../../centers.ts';
import { clusteringLoss } from '../clustering.ts';
import { agreement } from './agreement.ts';

beforeAll(() => openBackend('auto'));

interface Params {
  readonly gamma: number;
  readonly pamIterations: number;
  readonly nmiAverage: 'arithmetic' | 'geometric';
}
interface Expected {
  readonly greedyMedoids: number[];
  readonly medoids: number[];
  readonly assignment: FixtureTensor;
}

const placesOf = (rows: tf.Tensor2D, count: number): number[] => [
  ...tf.slice(tf.argMax(rows, 1), 0, count).dataSync(),
];

describe('search for medoids', () => {
  const { cases } = readFixture<Params, Record<string, FixtureTensor>, Expected>('losses/clustering');

  it.each(cases.map((one) => [one.name, one] as const))(
    'finds the medoids of the reference: %s',
    (_, { params, inputs, expected }) => {
      const { data, shape } = inputs['embeddings']!;
      const labels = inputs['labels']!.data;
      const settings = { gamma: params.gamma, sweeps: params.pamIterations, average: params.nmiAverage };
      const found = clusteringLoss(
        unitRows(tf.tensor2d(data, shape as [number, number])),
        tf.tensor1d(labels, 'int32'),
        settings,
        // A place more than there are classes stays empty.
        new Set(labels).size + 1,
      );
      const count = expected.medoids.length;
      expect(tf.sum(found.medoids).dataSync()[0]).toBe(count);
      expect(placesOf(found.greedyMedoids, count)).toEqual(expected.greedyMedoids);
      expect(placesOf(found.medoids, count)).toEqual(expected.medoids);
      expect([...tf.argMax(found.assigned, 1).dataSync()]).toEqual(expected.assignment.data);
    },
  );
});

describe('agreement of clusterings', () => {
  it.each([
    [
      'the same',
      [
        [2, 0],
        [0, 2],
      ],
      1,
    ],
    ['one cluster', [[2, 2]], 0],
    [
      'independent',
      [
        [1, 1],
        [1, 1],
      ],
      0,
    ],
    ['one class, one cluster', [[4]], 1],
    [
      'each for itself',
      [
        [1, 0],
        [1, 0],
        [0, 1],
        [0, 1],
      ],
      2 / 3,
    ],
  ] as const)('%s', (_, table, wanted) => {
    const counts = tf.tensor2d(table.map((row) => [...row]));
    const [sizes, labels] = [tf.sum(counts, 1), tf.sum(counts, 0)];
    const found = agreement(tf.expandDims(counts, 0), tf.expandDims(sizes, 0), labels, 4, 'arithmetic');
    expect(found.dataSync()[0]).toBeCloseTo(wanted, 5);
  });
});
