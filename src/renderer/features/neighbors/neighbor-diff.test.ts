import { describe, expect, it } from 'vitest';
import type { Neighbor } from '../../../shared/domain/evaluation.ts';
import { diffNeighbors } from './neighbor-diff.ts';

const near = (imageId: number | null, hit = false, path = `${imageId}.png`): Neighbor => ({
  imageId,
  path,
  class: 'a',
  distance: 0.1,
  hit,
});

describe('two lists of neighbours of one query', () => {
  it('marks what left, what entered and what moved', () => {
    const diff = diffNeighbors([near(1), near(2, true), near(3)], [near(2, true), near(4, true), near(1)]);
    expect(diff.before.map((one) => [one.neighbor.imageId, one.alone, one.otherRank])).toEqual([
      [1, false, 3],
      [2, false, 1],
      [3, true, null],
    ]);
    expect(diff.after.map((one) => [one.neighbor.imageId, one.alone])).toEqual([
      [2, false],
      [4, true],
      [1, false],
    ]);
    expect([diff.left, diff.entered, diff.hitsBefore, diff.hitsAfter]).toEqual([1, 1, 1, 2]);
  });

  it('tells files by their path', () => {
    const diff = diffNeighbors(
      [near(null, false, 'x.png')],
      [near(null, false, 'x.png'), near(null, false, 'y.png')],
    );
    expect([diff.left, diff.entered]).toEqual([0, 1]);
  });

  it('counts nothing in empty lists', () => {
    expect(diffNeighbors([], [])).toMatchObject({ left: 0, entered: 0, hitsBefore: 0, hitsAfter: 0 });
  });
});
