import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { openBackend } from '#workers/backend/open-backend.ts';
import type { OpenBackend } from '#workers/backend/open-backend.ts';
import type { Method } from '../method.ts';
import { TRIPLET_MININGS, type TripletMining } from '../parts/triplets.ts';
import { BuiltCase, type Points, randomPoints } from '../testing/built-case.ts';
import { triplet } from './triplet.ts';

type Triplet = readonly [anchor: number, positive: number, negative: number];
const MARGIN = 0.3;

let backend: OpenBackend;
beforeAll(async () => {
  backend = await openBackend('auto');
});

/** Squared distances of the rows at unit length, in double precision. */
function squaredDistances({ rows }: Points): number[][] {
  const unit = rows.map((row) => row.map((x) => x / Math.hypot(...row)));
  return unit.map((x) => unit.map((y) => x.reduce((sum, value, d) => sum + (value - y[d]!) ** 2, 0)));
}

const least = (indices: readonly number[], of: (i: number) => number): number[] =>
  indices.length === 0 ? [] : [indices.reduce((best, i) => (of(i) < of(best) ? i : best))];

/** The triplets of a batch as the definitions say, one by one. */
function tripletsByDefinition(mining: TripletMining, d: number[][], labels: readonly number[]): Triplet[] {
  const all = [...labels.keys()];
  return all.flatMap((a) => {
    const positives = all.filter((i) => i !== a && labels[i] === labels[a]);
    const negatives = all.filter((i) => labels[i] !== labels[a]);
    const to = d[a]!;
    const every = positives.flatMap((p) => negatives.map((n): Triplet => [a, p, n]));
    const beyond = (p: number): number[] => negatives.filter((n) => to[n]! > to[p]!);
    const nearest = (of: readonly number[]): number[] => least(of, (i) => to[i]!);
    const furthest = (of: readonly number[]): number[] => least(of, (i) => -to[i]!);
    const pairUp = (ps: readonly number[], ns: (p: number) => number[]): Triplet[] =>
      ps.flatMap((p) => ns(p).map((n): Triplet => [a, p, n]));
    switch (mining) {
      case 'all':
        return every;
      case 'hard':
        return every.filter(([, p, n]) => to[n]! <= to[p]!);
      case 'semi-hard':
        return every.filter(([, p, n]) => to[n]! > to[p]! && to[n]! - to[p]! <= MARGIN);
      case 'semi-hard-or-largest':
        return pairUp(positives, (p) => (beyond(p).length ? nearest(beyond(p)) : furthest(negatives)));
      case 'batch-hard':
        return pairUp(furthest(positives), () => nearest(negatives));
      case 'easy-positive':
        return pairUp(nearest(positives), (p) => nearest(beyond(p)));
    }
  });
}

it.each(TRIPLET_MININGS)('%s is what a loop over all triplets finds', (mining) => {
  const settings = { mining, margin: MARGIN, distance: 'squared', reduction: 'all' };
  const labelsOf = fc.array(fc.nat(3), { minLength: 2, maxLength: 13 });
  fc.assert(
    fc.property(labelsOf, fc.nat(10_000), fc.boolean(), (labels, seed, copied) => {
      const points = randomPoints(seed, labels, 4);
      // The last image is a copy of the first, whatever class it has.
      const rows = points.rows.map((row, i) => (copied && i === labels.length - 1 ? points.rows[0]! : row));
      const method: Method = triplet;
      const built = new BuiltCase(method, backend.kernels, { classes: 4, dim: 4, settings });
      const { value, gradient, figures } = built.run({ rows, labels });
      const d = squaredDistances({ rows, labels });
      const wanted = tripletsByDefinition(mining, d, labels);
      const losses = wanted.map(([a, p, n]) => Math.max(0, d[a]![p]! - d[a]![n]! + MARGIN));
      const mean = losses.reduce((sum, loss) => sum + loss, 0) / Math.max(1, losses.length);
      expect(figures['triplets']).toBe(wanted.length);
      expect(value).toBeCloseTo(mean, 5);
      expect(gradient.every(Number.isFinite)).toBe(true);
    }),
    { numRuns: 60 },
  );
});
