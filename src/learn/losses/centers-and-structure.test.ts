import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type OpenBackend, openBackend } from '#workers/backend/open-backend.ts';
import { record } from '../backend/record/record.ts';
import { createRandom } from '../random/counter-random.ts';
import { findMethod } from '../registry.ts';
import type { Method } from './method.ts';
import { type Points, randomPoints } from './testing/built-case.ts';
import { Differentiated } from './testing/differentiated.ts';

type Row = readonly [method: string, settings: Record<string, unknown>];

/** Every loss over centres, classes and clusters, in each of its forms. */
const TABLE: readonly Row[] = [
  ['soft-triple', { centersPerClass: 3 }],
  ['soft-triple', { centersPerClass: 1 }],
  ['hard-triple', { centersPerClass: 2 }],
  ['normalized-softmax', {}],
  ['proxy-nca', {}],
  ['proxy-nca', { includePositive: true, smoothing: 0.1, scale: 3 }],
  ['proxy-anchor', {}],
  ['arcface', { scale: 16 }],
  ['cosface', { scale: 16 }],
  ['sub-center-arcface', { scale: 16, centersPerClass: 2 }],
  ['sub-center-arcface', { scale: 16, centersPerClass: 1 }],
  ['center', { weight: 0.5 }],
  ['triplet-center', {}],
  ['two-head', {}],
  ['two-head', { mining: 'hard' }],
  ['magnet', { clustersPerClass: 2 }],
  ['magnet', { clustersPerClass: 1 }],
  ['clustering', { sweeps: 1 }],
  ['clustering', { sweeps: 1, average: 'geometric', gamma: 3 }],
];

const DIM = 5;
const LABELS = [2, 0, 1, 0, 3, 1, 2, 0, 3, 1];

let backend: OpenBackend;
beforeAll(async () => {
  backend = await openBackend('auto');
});

function open([id, settings]: Row, classes = 4): Differentiated {
  return new Differentiated(findMethod(id) as Method, backend.kernels, { classes, dim: DIM, settings });
}

const EDGES: Readonly<Record<string, { points: () => Points; classes?: number; arrays?: 'zero' }>> = {
  'a batch of one': { points: () => randomPoints(1, [3], DIM) },
  'absent classes': { points: () => randomPoints(2, [1, 1, 3, 3], DIM) },
  'a batch of one class': { points: () => randomPoints(3, [2, 2, 2, 2], DIM) },
  'one class only': { points: () => randomPoints(4, [0, 0, 0], DIM), classes: 1 },
  'no two of a class': { points: () => randomPoints(5, [0, 1, 2, 3], DIM) },
  'copies at distance 0': {
    points: () => ({ rows: LABELS.map(() => [1, 0.5, -1, 2, 0.25]), labels: LABELS }),
  },
  'a row of zeros': {
    points: () => ({
      rows: [[0, 0, 0, 0, 0], ...randomPoints(6, LABELS, DIM).rows.slice(1)],
      labels: LABELS,
    }),
  },
  'centres of length 0': { points: () => randomPoints(7, LABELS, DIM), arrays: 'zero' },
  'rows ten thousand times as long': {
    points: () => {
      const { rows } = randomPoints(8, LABELS, DIM);
      return { rows: rows.map((row) => row.map((x) => x * 1e4)), labels: LABELS };
    },
  },
};

describe.each(TABLE.map((row) => [`${row[0]} ${JSON.stringify(row[1])}`, row] as const))('%s', (_, row) => {
  it.each(Object.keys(EDGES))('stays finite: %s', (edge) => {
    const { points, classes, arrays } = EDGES[edge]!;
    const opened = open(row, classes);
    const given = opened.arrays.map((values) =>
      arrays === 'zero' ? new Float32Array(values.length) : values,
    );
    const outputs = opened.run(points(), given);
    expect(outputs.every(Number.isFinite)).toBe(true);
    // A direction that does not exist has no gradient, instead of an enormous one.
    expect(Math.max(...outputs.map(Math.abs))).toBeLessThan(1e10);
  });

  it('has the gradient that small steps have, in the rows and in its arrays', () => {
    const opened = open(row);
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        const points = randomPoints(seed, LABELS, DIM);
        const gradient = opened.run(points).slice(1);
        const gaps = Array.from({ length: 7 }, (_, i) => {
          const random = createRandom(seed, 100 + i);
          const direction = gradient.map(() => 2 * random.next() - 1);
          const moved = (by: number): number => {
            let at = 0;
            const step = (value: number): number => value + by * direction[at++]!;
            const rows = points.rows.map((values) => values.map(step));
            const arrays = opened.arrays.map((values, j) =>
              opened.built.parameters[j]?.rate === 'none' ? values : values.map(step),
            );
            return opened.run({ rows, labels: LABELS }, arrays)[0]!;
          };
          const slope = (moved(1e-3) - moved(-1e-3)) / 2e-3;
          const wanted = gradient.reduce((sum, g, j) => sum + g * direction[j]!, 0);
          return Math.abs(slope - wanted) / (Math.abs(wanted) + 0.1 * Math.hypot(...gradient) + 3e-3);
        });
        // A step may cross a hinge, or change what is found: most do not.
        expect(gaps.sort((a, b) => a - b)[3]).toBeLessThan(0.08);
      }),
      { numRuns: 2, seed: 1 },
    );
  });

  it('gives the same recorded as it runs', () => {
    const native = backend.nativeBackend;
    if (!native?.binding.addFunction) return expect(backend.native).toBe(false);
    const opened = open(row);
    const warnings: string[] = [];
    const recorded = record(native, opened.step, (reason) => warnings.push(reason));
    for (let call = 0; call < 5; call++) {
      const inputs = opened.tensors(randomPoints(20 + call, LABELS, DIM));
      const [got, want] = [recorded.call(...inputs), opened.step(...inputs)].map((t) =>
        t.dataSync<'float32'>(),
      );
      const scale = Math.max(1e-3, ...want!.map(Math.abs));
      for (const [i, value] of want!.entries())
        expect(Math.abs(got![i]! - value)).toBeLessThanOrEqual(1e-5 * scale);
    }
    expect(warnings).toEqual([]);
    expect(recorded.isReplaying()).toBe(true);
    recorded.dispose();
    return undefined;
  });

  it('names its figures', () => {
    const opened = open(row);
    const { built } = opened;
    const [labels, ...rest] = opened.tensors(randomPoints(9, LABELS, DIM));
    const inputs = rest.splice(0, built.inputs?.length ?? 0);
    const [raw, ...trained] = rest;
    const rows = raw as tf.Tensor2D;
    const unit = tf.div<tf.Tensor2D>(rows, tf.norm(rows, 2, 1, true));
    const batch = { raw: rows, features: rows, embeddings: unit, labels: labels as tf.Tensor1D };
    const { figures = [] } = built.loss({ ...batch, trained, inputs });
    expect(figures).toHaveLength(built.figures?.length ?? 0);
    for (const [i, name] of (built.figures ?? []).entries()) {
      const value = figures[i]!.dataSync()[0]!;
      expect(Number.isFinite(value)).toBe(true);
      if (name.endsWith('Share') || name.endsWith('Accuracy') || name === 'nmi') {
        expect(value).toBeGreaterThanOrEqual(-1e-6);
        expect(value).toBeLessThanOrEqual(1 + 1e-6);
      }
    }
  });
});
