import { expect, it } from 'vitest';
import type { BuiltMethod, TrainingEmbeddings } from '../losses/method.ts';
import { createRandom } from '../random/counter-random.ts';
import { withNearestClasses } from './with-nearest-classes.ts';

const loss: BuiltMethod['loss'] = () => {
  throw new Error('not asked for');
};
const initial = Float32Array.of(4);
const random = createRandom(1);
// One image a class, at 0, 1, 3 and 7 on a line.
const rows = Float32Array.of(0, 1, 3, 7);
const whole: TrainingEmbeddings = {
  dim: 1,
  classes: 4,
  embeddings: rows,
  raw: rows,
  labels: Int32Array.of(0, 1, 2, 3),
};

it('adds the nearest classes to a method that has none, and keeps what the method reads', () => {
  const method: BuiltMethod = {
    parameters: [],
    inputs: [
      { name: 'fixed', shape: [1], initial },
      { name: 'drawn', shape: [1], initial, draw: () => initial },
    ],
    loss,
  };
  const refreshed = withNearestClasses(method, 2).refresh?.(whole, random);
  expect(refreshed).toEqual({ inputs: [initial], nearestClasses: Int32Array.of(1, 2, 0, 2, 1, 0, 2, 1) });
  expect(withNearestClasses(method, 9).refresh?.(whole, random).nearestClasses).toHaveLength(12);
});

it('leaves a method alone that knows them', () => {
  const own = { inputs: [initial], nearestClasses: Int32Array.of(3, 2, 1, 0) };
  const method: BuiltMethod = { parameters: [], loss, refresh: () => own };
  expect(withNearestClasses(method, 2).refresh?.(whole, random)).toBe(own);
});
