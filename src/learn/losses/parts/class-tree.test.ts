import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../random/counter-random.ts';
import { type ClassDistances, classDistances, nearestClassesOf } from './class-distances.ts';
import { classTree } from './class-tree.ts';
import { type Linkage, mergesOf } from './linkage.ts';

/** Distances between and within classes as a matrix says. */
const given = (matrix: readonly (readonly number[])[], within: readonly number[]): ClassDistances => ({
  classes: matrix.length,
  within: Float64Array.from(within),
  between: (p, q) => matrix[p]![q]!,
});

/** A symmetric matrix of distances, no two of them close to equal: ties may be merged in any order. */
const matrices = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat()).map(([count, seed]) => {
  const random = createRandom(seed);
  const matrix = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (let i = 0; i < count; i++)
    for (let j = 0; j < i; j++) matrix[i]![j] = matrix[j]![i] = 0.1 + 3.9 * random.next();
  return matrix;
});

/** Merges the two nearest groups again and again, by definition. */
function heightsByDefinition(linkage: Linkage, matrix: readonly (readonly number[])[]): number[] {
  let groups = matrix.map((_, i) => [i]);
  const apart = (a: readonly number[], b: readonly number[]): number => {
    const all = a.flatMap((i) => b.map((j) => matrix[i]![j]!));
    return linkage === 'single' ? Math.min(...all) : all.reduce((sum, d) => sum + d, 0) / all.length;
  };
  const heights: number[] = [];
  while (groups.length > 1) {
    const pairs = groups.flatMap((a, i) => groups.slice(i + 1).map((b) => ({ a, b, d: apart(a, b) })));
    const { a, b, d } = pairs.reduce((best, pair) => (pair.d < best.d ? pair : best));
    heights.push(d);
    groups = [...groups.filter((group) => group !== a && group !== b), [...a, ...b]];
  }
  return heights;
}

describe('merges', () => {
  it.each(['single', 'average'] as const)('%s linkage merges the nearest groups first', (linkage) => {
    fc.assert(
      fc.property(matrices, (matrix) => {
        const merges = mergesOf(linkage, matrix.length, (p, q) => matrix[p]![q]!);
        const wanted = heightsByDefinition(linkage, matrix);
        expect(merges).toHaveLength(wanted.length);
        for (const [i, { distance }] of merges.entries()) expect(distance).toBeCloseTo(wanted[i]!, 9);
      }),
    );
  });
});

describe('class tree', () => {
  it('joins nodes nearer than the level’s threshold, and all at the last', () => {
    const matrix = [
      [0, 1.2, 3.9],
      [1.2, 0, 5],
      [3.9, 5, 0],
    ];
    const { thresholds, nodes } = classTree(given(matrix, [0.5, 1, 1.5]), 3, 'single');
    expect(Array.from(thresholds)).toEqual([1, 2, 3, 4]);
    expect(Array.from(nodes)).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 2, 2, 2, 0]);
  });

  it('has nodes that only grow, down to one', () => {
    fc.assert(
      fc.property(matrices, fc.integer({ min: 1, max: 20 }), (matrix, levels) => {
        const within = matrix.map(() => 0.3);
        const { nodes } = classTree(given(matrix, within), levels, 'average');
        const at = (c: number, level: number): number => nodes[c * (levels + 1) + level]!;
        for (const p of matrix.keys()) {
          expect(at(p, levels)).toBe(0);
          for (const q of matrix.keys())
            for (let level = 0; level < levels; level++)
              if (at(p, level) === at(q, level)) expect(at(p, level + 1)).toBe(at(q, level + 1));
        }
      }),
    );
  });
});

describe('class distances', () => {
  const labels = Int32Array.from([0, 1, 0, 2, 1, 0]);
  const embeddings = Float32Array.from([1, 0, 0, 1, 0.6, 0.8, -1, 0, 0, -1, 0.8, 0.6]);
  const distances = classDistances({ classes: 4, dim: 2, embeddings, labels });

  it('are means of squared distances of images', () => {
    expect(distances.within[0]).toBeCloseTo((0.8 + 0.4 + 0.08) / 3, 6);
    expect(distances.within[1]).toBeCloseTo(4, 6);
    expect(distances.between(2, 1)).toBeCloseTo(2, 6);
    expect(distances.between(0, 2)).toBeCloseTo((4 + 3.2 + 3.6) / 3, 6);
  });

  it('take a class of one image, or of none, as it is', () => {
    expect(distances.within[2]).toBe(0);
    expect(distances.within[3]).toBe(0);
    expect(distances.between(3, 0)).toBe(2);
  });

  it('name the nearest classes in order, never the class itself', () => {
    fc.assert(
      fc.property(matrices, fc.nat(8), (matrix, wanted) => {
        const m = Math.min(wanted, matrix.length - 1);
        const nearest = nearestClassesOf(given(matrix, []), m);
        for (const [p, row] of matrix.entries()) {
          const others = [...row.keys()].filter((q) => q !== p).sort((a, b) => row[a]! - row[b]!);
          expect(Array.from(nearest.subarray(p * m, (p + 1) * m))).toEqual(others.slice(0, m));
        }
      }),
    );
  });
});
