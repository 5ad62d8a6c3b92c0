import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { VectorSpace } from '#learn/space/vector-space.ts';
import { collectNeighbors } from './exact.ts';
import { openIndex } from './open-index.ts';
import { bruteForce, table } from './testing/brute-force.ts';

test('opens what the plan asks for, and both answer alike on a small set', async () => {
  await tf.setBackend('wasm');
  const vectors = table(Array.from({ length: 40 }, (_, i) => [Math.cos(i), Math.sin(i * i), i / 40]));
  const space = new VectorSpace(vectors, 'euclidean');
  const expected = bruteForce(vectors, vectors, 3, 'euclidean', true).flat();
  for (const wanted of [undefined, 'exact', 'hnsw'] as const) {
    const { index, choice } = await openIndex(space, { queries: 40, device: 'cpu' }, {}, wanted);
    expect(choice.kind).toBe(wanted ?? 'exact');
    expect(index).toMatchObject({ exact: choice.kind === 'exact', recall: { value: 1 } });
    expect(Array.from((await collectNeighbors(index.search(space, 3))).indices)).toEqual(expected);
    index.dispose();
  }
});
