import { describe, expect, it } from 'vitest';
import { binsOf, shareFrom } from './bins.ts';

describe('bins', () => {
  const bins = { from: -1, to: 1, counts: [1, 3, 4, 2] };

  it('have edges and heights by the highest', () => {
    expect(binsOf(bins)).toEqual([
      { from: -1, to: -0.5, count: 1, share: 0.25 },
      { from: -0.5, to: 0, count: 3, share: 0.75 },
      { from: 0, to: 0.5, count: 4, share: 1 },
      { from: 0.5, to: 1, count: 2, share: 0.5 },
    ]);
  });

  it('tell the share above a value', () => {
    expect(shareFrom(bins, 0)).toBeCloseTo(0.6);
    expect(shareFrom({ from: 0, to: 1, counts: [0, 0] }, 0)).toBe(0);
  });
});
