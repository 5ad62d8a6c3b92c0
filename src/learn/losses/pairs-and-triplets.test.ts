import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type OpenBackend, openBackend } from '#workers/backend/open-backend.ts';
import { type Recorded, record } from '../backend/record/record.ts';
import { findMethod } from '../registry.ts';
import type { Method } from './method.ts';
import { BuiltCase, type Points, randomPoints } from './testing/built-case.ts';

interface Row {
  readonly method: string;
  readonly settings?: Record<string, unknown>;
  /** A batch without positive pairs, or without negative ones, teaches nothing. */
  readonly zero: 'without-either' | 'without-positive-or-all' | 'never';
  /** The order of a batch decides which of equal images take part. */
  readonly ordered?: true;
  /** The gradient is not the loss's slope, by definition. */
  readonly weighted?: true;
}

const MININGS = ['semi-hard-or-largest', 'semi-hard', 'batch-hard', 'easy-positive', 'hard', 'all'];
const EITHER = { zero: 'without-either' } as const;

/** Every loss over pairs and triplets, in each of its forms. */
const TABLE: readonly Row[] = [
  { method: 'contrastive', zero: 'never' },
  { method: 'contrastive', settings: { distance: 'squared', reduction: 'all' }, zero: 'never' },
  { method: 'contrastive', settings: { form: 'quadratic' }, zero: 'never' },
  ...MININGS.map((mining) => ({ method: 'triplet', settings: { mining }, ...EITHER })),
  { method: 'triplet', settings: { mining: 'all', distance: 'euclidean', reduction: 'active' }, ...EITHER },
  { method: 'triplet', settings: { mining: 'batch-hard', soft: true, swap: true }, ...EITHER },
  { method: 'lifted-structure', ...EITHER },
  { method: 'lifted-structure', settings: { variant: 'generalised' }, zero: 'never' },
  { method: 'n-pairs', settings: { embeddingRegularizer: 0 }, ordered: true, ...EITHER },
  { method: 'n-pairs', settings: { embeddings: 'unit', embeddingRegularizer: 0 }, ordered: true, ...EITHER },
  { method: 'multi-similarity', ...EITHER },
  { method: 'multi-similarity', settings: { mining: false }, zero: 'never' },
  { method: 'circle', weighted: true, ...EITHER },
  { method: 'margin', ordered: true, ...EITHER },
  { method: 'margin', settings: { sampling: 'all', boundaryOf: 'class', boundaryWeight: 0.1 }, ...EITHER },
  { method: 'hierarchical-triplet', ...EITHER },
  { method: 'hierarchical-triplet', settings: { linkage: 'average', distance: 'squared' }, ...EITHER },
  { method: 'global', ...EITHER },
  { method: 'triplet-global', ...EITHER },
];

const [CLASSES, DIM] = [4, 5];
const LABELS = [2, 0, 1, 0, 3, 1, 2, 0, 3, 1];
const ZERO = new Float32Array(LABELS.length * DIM);

let backend: OpenBackend;
beforeAll(async () => {
  backend = await openBackend('auto');
});

const nameOf = ({ method, settings }: Row): string =>
  settings ? `${method} ${JSON.stringify(settings).replaceAll('"', '')}` : method;

function open({ method, settings = {} }: Row): BuiltCase {
  const built = new BuiltCase(findMethod(method) as Method, backend.kernels, {
    classes: CLASSES,
    dim: DIM,
    settings,
  });
  built.refresh(randomPoints(11, [...LABELS, ...LABELS], DIM), CLASSES);
  return built;
}

const copies = (labels: readonly number[]): Points => ({
  rows: labels.map(() => [1, 2, 0, -1, 0.5]),
  labels,
});

describe.each(TABLE.map((row) => [nameOf(row), row] as const))('%s', (_, row) => {
  it('teaches something where there are both kinds of pairs', () => {
    const outcomes = [1, 2, 3, 4].map((seed) => open(row).run(randomPoints(seed, LABELS, DIM)));
    expect(
      outcomes.some(({ value, gradient }) => value > 0 && gradient.some((g) => Math.abs(g) > 1e-4)),
    ).toBe(true);
    for (const { figures } of outcomes) {
      const share = figures['activeShare'];
      if (share !== undefined) expect(share).toBeGreaterThanOrEqual(0);
      if (share !== undefined) expect(share).toBeLessThanOrEqual(1);
    }
  });

  it.each([
    ['no positive', [0, 1, 2, 3]],
    ['no negative', [1, 1, 1, 1, 1]],
    ['a batch of one', [3]],
  ] as const)('%s', (what, labels) => {
    const { value, gradient, figures } = open(row).run(randomPoints(5, labels, DIM));
    expect(Number.isFinite(value)).toBe(true);
    expect(gradient.every(Number.isFinite)).toBe(true);
    expect(Object.values(figures).every(Number.isFinite)).toBe(true);
    if (row.zero === 'without-either') {
      expect(Math.abs(value)).toBe(0);
      expect(gradient).toEqual(ZERO.subarray(0, gradient.length));
    } else if (what === 'a batch of one') {
      expect(gradient.every((g) => Math.abs(g) < 1)).toBe(true);
    }
  });

  it('has no force between copies, and none where all are copies', () => {
    const { value, gradient } = open(row).run(copies(LABELS));
    expect(Number.isFinite(value)).toBe(true);
    if (row.method === 'n-pairs') return;
    expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-5);
    const points = randomPoints(6, LABELS, DIM);
    const rows = points.rows.map((values, i) => (i < 5 ? points.rows[0]! : values));
    const half = open(row).run({ rows, labels: LABELS });
    expect(half.gradient.every(Number.isFinite)).toBe(true);
  });

  it.each([1e-4, 1e4])('stays finite where rows are %s times as long', (length) => {
    const { rows, labels } = randomPoints(8, LABELS, DIM);
    const { value, gradient } = open(row).run({ rows: rows.map((r) => r.map((x) => x * length)), labels });
    expect(Number.isFinite(value)).toBe(true);
    expect(gradient.every(Number.isFinite)).toBe(true);
  });

  it('does not see the order of a batch', ({ skip }) => {
    skip(row.ordered === true, 'its choice of samples goes by their places');
    const built = open(row);
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.shuffledSubarray([...LABELS.keys()], { minLength: LABELS.length }),
        (seed, order) => {
          const { rows, labels } = randomPoints(seed, LABELS, DIM);
          const straight = built.run({ rows, labels });
          const turned = built.run({
            rows: order.map((i) => rows[i]!),
            labels: order.map((i) => labels[i]!),
          });
          const scale = 1e-4 * Math.max(1e-2, ...straight.gradient.map(Math.abs));
          expect(Math.abs(turned.value - straight.value)).toBeLessThan(
            1e-5 + 1e-4 * Math.abs(straight.value),
          );
          for (const [to, from] of order.entries())
            for (let d = 0; d < DIM; d++) {
              const gap = turned.gradient[to * DIM + d]! - straight.gradient[from * DIM + d]!;
              expect(Math.abs(gap)).toBeLessThan(scale + 1e-5);
            }
        },
      ),
      { numRuns: 5 },
    );
  });

  it('has the gradient that small steps have', ({ skip }) => {
    skip(row.weighted === true, 'its weights carry no gradient, as defined');
    const built = open(row);
    const gapOf = (seed: number): number => {
      const { rows } = randomPoints(seed, LABELS, DIM);
      const { gradient } = built.run({ rows, labels: LABELS });
      const direction = randomPoints(seed + 1, LABELS, DIM).rows;
      const moved = (by: number): number =>
        built.run({
          rows: rows.map((row, i) => row.map((x, d) => x + by * direction[i]![d]!)),
          labels: LABELS,
        }).value;
      const slope = (moved(3e-4) - moved(-3e-4)) / 6e-4;
      const wanted = gradient.reduce((sum, g, i) => sum + g * direction.flat()[i]!, 0);
      return Math.abs(slope - wanted) / (Math.abs(wanted) + 0.05 * Math.hypot(...gradient) + 1e-3);
    };
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(1_000_000), { minLength: 25, maxLength: 25 }), (seeds) => {
        const gaps = seeds.map(gapOf).sort((a, b) => a - b);
        // Some steps cross a hinge, where the mean over what is above 0 jumps, or change what is mined; most do not.
        expect(gaps[14]).toBeLessThan(0.05);
      }),
      { numRuns: 1 },
    );
  });

  it('gives the same recorded as it runs', () => {
    const native = backend.nativeBackend;
    if (!native?.binding.addFunction) return expect(backend.native).toBe(false);
    const built = open(row);
    const step = (raw: tf.Tensor, labels: tf.Tensor): tf.Tensor =>
      tf.tidy(() => {
        const { value, grad } = tf.valueAndGrad(
          (x) => built.loss(x as tf.Tensor2D, labels as tf.Tensor1D).value,
        )(raw);
        return tf.concat([tf.reshape(value, [1]), tf.reshape(grad, [-1])]);
      });
    const warnings: string[] = [];
    const recorded: Recorded = record(native, step, (reason) => warnings.push(reason));
    for (let call = 0; call < 6; call++) {
      const { rows } = randomPoints(20 + call, LABELS, DIM);
      const inputs = [tf.tensor2d(rows.flat(), [rows.length, DIM]), tf.tensor1d(LABELS, 'int32')] as const;
      const [got, want] = [recorded.call(...inputs), step(...inputs)].map((t) => t.dataSync<'float32'>());
      const scale = Math.max(1e-3, ...want!.map(Math.abs));
      for (const [i, value] of want!.entries())
        expect(Math.abs(got![i]! - value)).toBeLessThanOrEqual(1e-5 * scale);
    }
    expect(warnings).toEqual([]);
    expect(recorded.isReplaying()).toBe(true);
    recorded.dispose();
    return undefined;
  });
});
