import { describe, expect, it } from 'vitest';
import { findDuplicates, type HashedImage } from './find-duplicates.ts';

const image = (
  imageId: number,
  classId: number,
  content: string,
  pixels: string,
  perceptualHash: string,
): HashedImage => ({
  imageId,
  classId,
  contentHash: content,
  pixelHash: pixels,
  perceptualHash,
});

const A = 'f0f0f0f00f0f0f0f';
const A1 = 'f0f0f0f00f0f0f0e';
const A3 = 'f0f0f0f00f0f0f08';
const B = '123456789abcdef0';

describe('findDuplicates', () => {
  it('joins equal bytes and equal pixels into exact groups, also through each other', () => {
    const groups = findDuplicates([
      image(10, 1, 'x', 'p', A),
      image(11, 1, 'x', 'p', A),
      image(12, 2, 'y', 'p', A),
      image(13, 2, 'z', 'q', B),
    ]);
    expect(groups).toEqual([{ kind: 'exact', distance: 0, imageIds: [10, 11, 12], acrossClasses: true }]);
  });

  it('joins near hashes, with the exact copies of the members', () => {
    const groups = findDuplicates([
      image(1, 5, 'a', 'a', A),
      image(2, 5, 'b', 'b', A3),
      image(3, 5, 'b', 'b', A3),
      image(4, 5, 'c', 'c', B),
    ]);
    expect(groups).toEqual([
      { kind: 'exact', distance: 0, imageIds: [2, 3], acrossClasses: false },
      { kind: 'near', distance: 3, imageIds: [1, 2, 3], acrossClasses: false },
    ]);
  });

  it('asks for confirmation, also between equal hashes', () => {
    const rows = [image(1, 1, 'a', 'a', A), image(2, 1, 'b', 'b', A), image(3, 1, 'c', 'c', A1)];
    const asked: string[] = [];
    const confirm = (a: number, b: number): boolean => {
      asked.push([a, b].sort().join('-'));
      return a + b === 3;
    };
    expect(findDuplicates(rows, { confirm }).map((group) => group.imageIds)).toEqual([[2, 3]]);
    expect(asked.sort()).toEqual(['0-1', '0-2', '1-2']);
    expect(findDuplicates(rows, { radius: 0, confirm: () => true })[0]?.imageIds).toEqual([1, 2]);
  });

  it('does not take flat pictures for copies', () => {
    const flat = [image(1, 1, 'a', 'a', '0000000000000000'), image(2, 2, 'b', 'b', '0000000000000001')];
    expect(findDuplicates(flat)).toEqual([]);
  });

  it('stays fast where a hundred thousand pictures have one hash', () => {
    const rows = Array.from({ length: 100_000 }, (_, i) =>
      image(i + 1, 1, `c${String(i)}`, `p${String(i)}`, A),
    );
    let asked = 0;
    const groups = findDuplicates(rows, {
      confirm: () => {
        asked++;
        return false;
      },
    });
    expect(groups).toEqual([]);
    expect(asked).toBeLessThanOrEqual(100_000 * 64);
  });
});
