import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Axis, trialsOf } from './trials.ts';

const range = (from: number, to: number, rest: Partial<Extract<Axis, { from: number }>> = {}): Axis => ({
  from,
  to,
  scale: 'linear',
  steps: 3,
  whole: false,
  ...rest,
});

describe('trials of a search', () => {
  it('a grid is every combination, the last axis fastest', () => {
    const trials = trialsOf({
      axes: { dim: [64, 128], scale: [10, 20] },
      strategy: 'grid',
      trials: 1,
      seed: 1,
    });
    expect(trials).toEqual([
      { dim: 64, scale: 10 },
      { dim: 64, scale: 20 },
      { dim: 128, scale: 10 },
      { dim: 128, scale: 20 },
    ]);
  });

  it('a grid cuts ranges evenly in their own scale, and whole numbers once', () => {
    const axes = {
      rate: range(1e-4, 1e-2, { scale: 'log' }),
      K: range(1, 2, { whole: true, steps: 4 }),
    };
    const trials = trialsOf({ axes, strategy: 'grid', trials: 1, seed: 1 });
    expect(new Set(trials.map((t) => t['rate']))).toEqual(new Set([1e-4, 1e-3, 1e-2]));
    expect(new Set(trials.map((t) => t['K']))).toEqual(new Set([1, 2]));
    expect(trials).toHaveLength(6);
  });

  it('random trials stay in their ranges, are drawn by the seed, and a longer search begins with the shorter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 1, max: 40 }), (seed, count) => {
        const axes = { rate: range(1e-5, 1e-1, { scale: 'log' }), flip: [true, false], margin: range(0, 1) };
        const search = { axes, strategy: 'random', seed } as const;
        const trials = trialsOf({ ...search, trials: count });
        for (const { rate, flip, margin } of trials as { rate: number; flip: boolean; margin: number }[]) {
          expect(rate).toBeGreaterThanOrEqual(1e-5);
          expect(rate).toBeLessThanOrEqual(1e-1);
          expect([true, false]).toContain(flip);
          expect(margin).toBeLessThanOrEqual(1);
        }
        expect(trialsOf({ ...search, trials: count + 5 }).slice(0, trials.length)).toEqual(trials);
      }),
    );
  });

  it('says what is wrong with a space that cannot be searched', () => {
    const grid = { strategy: 'grid', trials: 1, seed: 1 } as const;
    expect(() => trialsOf({ ...grid, axes: {} })).toThrow(/Nothing varies/);
    expect(() => trialsOf({ ...grid, axes: { dim: [] } })).toThrow(/"dim" has no values/);
    expect(() => trialsOf({ ...grid, axes: { rate: range(1, 1) } })).toThrow(/must rise/);
    expect(() => trialsOf({ ...grid, axes: { rate: range(0, 1, { scale: 'log' }) } })).toThrow(/above 0/);
    const wide = range(0, 1, { steps: 100 });
    expect(() => trialsOf({ ...grid, axes: { a: wide, b: wide } })).toThrow(/10000 combinations/);
  });
});
