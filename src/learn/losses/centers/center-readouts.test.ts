import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '#workers/backend/open-backend.ts';
import { composedKernels } from '../../backend/composed.ts';
import { createRandom } from '../../random/counter-random.ts';
import { centerMembers, touchingClasses } from './center-readouts.ts';
import { centerUtilization, movedShares } from './center-use.ts';
import { distinctCenters } from '../centers.ts';
import { softTriple } from './soft-triple.ts';

/** Three classes with two centres each in the plane, by their angles in degrees. */
function centersAt(...degrees: number[]): { values: Float32Array; dim: number; perClass: number } {
  const radians = degrees.map((angle) => (angle * Math.PI) / 180);
  // Lengths differ, which must not matter.
  const lengths = degrees.map((_, i) => 0.1 + i);
  const values = [Math.cos, Math.sin].flatMap((part) => radians.map((angle, i) => part(angle) * lengths[i]!));
  return { values: Float32Array.from(values), dim: 2, perClass: 2 };
}

const at = (...degrees: number[]): Float32Array =>
  Float32Array.from(
    degrees.flatMap((angle) => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)]),
  );

beforeAll(() => openBackend('auto'));

describe('what centres tell', () => {
  const centers = centersAt(0, 2, 90, 180, 183, 270);

  it('counts centres nearer than 0.1 as one', () => {
    expect([...distinctCenters(centers.values, 2, 2)]).toEqual([1, 2, 2]);
    expect([...distinctCenters(centers.values, 2, 2, 0.01)]).toEqual([2, 2, 2]);
  });

  it('finds the members of each centre', () => {
    const members = centerMembers(at(80, 100, 140, 200, 260), Int32Array.of(1, 1, 1, 2, 2), centers);
    expect([...members]).toEqual([0, 0, 1, 0, 1]);
  });

  it('finds classes whose centres touch, with their distance', () => {
    const [first, ...others] = touchingClasses(centers);
    expect(first?.classes).toEqual([1, 2]);
    expect(first?.distance).toBeCloseTo(2 * Math.sin((1.5 * Math.PI) / 180), 4);
    expect(others).toEqual([]);
    expect(touchingClasses(centers, 1.5).map(({ classes }) => classes.join())).toEqual(
      expect.arrayContaining(['0,1', '1,2']),
    );
    expect(touchingClasses(centers, 1.5, 1)).toHaveLength(1);
  });
});

describe('use of centres', () => {
  const centers = centersAt(0, 2, 90, 180, 183, 270);
  const weights = (): tf.Tensor2D => tf.tensor2d(centers.values, [2, 6]);

  it('forgets a centre that no sample of its class comes near, and keeps classes without samples', () => {
    let shares: tf.Tensor2D = tf.fill([3, 2], 0.5);
    for (let step = 0; step < 30; step++) {
      const embeddings = tf.tensor2d(at(80, 100), [2, 2]);
      shares = movedShares({ embeddings, labels: tf.tensor1d([1, 1], 'int32') }, weights(), shares);
    }
    const values = shares.dataSync<'float32'>();
    expect([...values].map((share) => Math.round(share * 100) / 100)).toEqual([0.5, 0.5, 1, 0, 0.5, 0.5]);
    expect(centerUtilization(values)).toBeCloseTo(5 / 6, 6);
  });

  it('keeps the shares of a class at a sum of 1', () => {
    const embeddings = tf.tensor2d(at(1, 170, 200, 280), [4, 2]);
    const labels = tf.tensor1d([0, 1, 2, 2], 'int32');
    const moved = movedShares({ embeddings, labels }, weights(), tf.fill([3, 2], 0.5));
    for (const sum of tf.sum(moved, 1).dataSync()) expect(sum).toBeCloseTo(1, 6);
  });

  it('is a curve of SoftTriple', () => {
    const context = { classes: 3, dim: 2, featureDim: 2, kernels: composedKernels, random: createRandom(1) };
    const built = softTriple.build({ centersPerClass: 2 }, context);
    expect(built.parameters.map(({ name, rate }) => [name, rate])).toEqual([
      ['centers', undefined],
      ['centerShares', 'none'],
    ]);
    const shares = Float32Array.of(1, 0, 0.5, 0.5, 0.5, 0.5);
    const told = built.diagnostics?.([centers.values, shares]);
    expect(told).toMatchObject({ distinctCenters: 5 / 3, touchingClasses: 1 });
    expect(told?.['centerUtilization']).toBeCloseTo(5 / 6, 6);
  });
});
