import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { UserError } from '#shared/rpc/errors.ts';
import { createSplit } from './create-split.ts';
import { SeededRandom } from './random.ts';
import type { SplitImage, SplitInput } from './split-input.ts';

const DEFAULTS = {
  kind: 'class-disjoint',
  testShare: 0.5,
  validationShare: 0.1,
  seed: 0,
  dropLeaks: false,
  copies: [],
} as const satisfies Omit<SplitInput, 'images'>;

/** `sizes[c]` images of class c. */
function makeImages(sizes: readonly number[]): SplitImage[] {
  let imageId = 0;
  return sizes.flatMap((size, c) =>
    Array.from({ length: size }, (_, i) => {
      const className = `class ${String(c)}`;
      const path = `${className}/${String(i)}.png`;
      const contentHash = createHash('sha256').update(path).digest('hex');
      return { imageId: ++imageId, classId: c + 1, className, path, contentHash };
    }),
  );
}

const sizesArbitrary = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 4, maxLength: 40 });
const seedArbitrary = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe('class-disjoint', () => {
  it('puts every image in one part and every class in one part, by the shares', () => {
    fc.assert(
      fc.property(sizesArbitrary, seedArbitrary, (sizes, seed) => {
        const images = makeImages(sizes);
        const { parts, counts } = createSplit({ ...DEFAULTS, images, seed });
        const ids = parts.flatMap((part) => [...part.imageIds]);
        expect(ids.sort((a, b) => a - b)).toEqual(images.map((image) => image.imageId));
        const classes = parts.flatMap((part) => [...new Set(part.classIds)]);
        expect(new Set(classes).size).toBe(classes.length);
        const test = Math.round(sizes.length * 0.5);
        expect(counts.test.classes).toBe(test);
        const wanted = Math.round((sizes.length - test) * 0.1);
        // One class would make every neighbour a hit.
        expect(counts.validation.classes).toBe(wanted === 1 ? 2 : wanted);
      }),
    );
  });

  it('does not depend on the order of the input, and does on the seed', () => {
    fc.assert(
      fc.property(sizesArbitrary, seedArbitrary, (sizes, seed) => {
        const images = makeImages(sizes);
        const one = createSplit({ ...DEFAULTS, images, seed });
        const other = createSplit({ ...DEFAULTS, images: new SeededRandom(seed).shuffle([...images]), seed });
        expect(other).toEqual(one);
      }),
    );
    const images = makeImages(Array<number>(30).fill(2));
    const hashes = Array.from({ length: 20 }, (_, seed) => createSplit({ ...DEFAULTS, images, seed }).hash);
    expect(new Set(hashes).size).toBe(20);
  });

  it('validates on two classes or on none', () => {
    const of = (classes: number) =>
      createSplit({ ...DEFAULTS, images: makeImages(Array<number>(classes).fill(3)), validationShare: 0.3 })
        .counts;
    expect(of(6)).toMatchObject({ train: { classes: 3 }, validation: { classes: 0 } });
    expect(of(8)).toMatchObject({ train: { classes: 2 }, validation: { classes: 2 } });
  });

  it('is the same on every machine', () => {
    const random = new SeededRandom(42);
    const numbers = Array.from({ length: 4 }, () => random.next());
    expect(numbers).toEqual([2837322924, 544945897, 479756282, 3500138142]);
    const { hash, parts } = createSplit({ ...DEFAULTS, images: makeImages([3, 3, 3, 3, 3, 3]), seed: 7 });
    expect([...new Set(parts[2]?.classIds)]).toEqual([4, 5, 6]);
    expect(hash).toBe('ddf91cae8d6ebd0102dd4797594efc4d8557c5ede15d90c6249b6b36353d68af');
  });

  it('hashes what the files hold: the same in a library with other ids and places, another for other pixels', () => {
    const input = { ...DEFAULTS, seed: 7 };
    const images = makeImages([3, 3, 3, 3]);
    const { hash, parts } = createSplit({ ...input, images });
    const elsewhere = images.map((image) => ({
      ...image,
      imageId: image.imageId + 500,
      classId: image.classId + 9,
    }));
    expect(createSplit({ ...input, images: elsewhere }).hash).toBe(hash);
    const changed = images.map((image, row) =>
      row === 0 ? { ...image, contentHash: 'f'.repeat(64) } : image,
    );
    const other = createSplit({ ...input, images: changed });
    expect(other.hash).not.toBe(hash);
    expect(other.parts.map((part) => part.imageIds)).toEqual(parts.map((part) => part.imageIds));
    // The digest of one part alone has changed.
    expect(other.parts.filter((part, i) => part.content !== parts[i]!.content)).toHaveLength(1);
  });

  it('refuses what cannot be divided', () => {
    expect(() => createSplit({ ...DEFAULTS, images: [] })).toThrow(UserError);
    expect(() => createSplit({ ...DEFAULTS, images: makeImages([5]) })).toThrow(/two classes/);
    expect(() => createSplit({ ...DEFAULTS, images: makeImages([5, 5]), testShare: 0.95 })).toThrow(/shares/);
    expect(() => createSplit({ ...DEFAULTS, kind: 'official', images: makeImages([5, 5]) })).toThrow(
      /official/,
    );
  });
});

describe('stratified', () => {
  const input = { ...DEFAULTS, kind: 'stratified' } as const;

  it('keeps every class in train and every share within one image', () => {
    fc.assert(
      fc.property(
        sizesArbitrary,
        seedArbitrary,
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        (sizes, seed, share) => {
          fc.pre(sizes.some((size) => size > 1));
          const images = makeImages(sizes);
          const { parts, counts } = createSplit({ ...input, images, seed, testShare: share });
          expect(counts.train.classes).toBe(sizes.length);
          const ids = parts.flatMap((part) => [...part.imageIds]);
          expect(ids.sort((a, b) => a - b)).toEqual(images.map((image) => image.imageId));
          sizes.forEach((size, c) => {
            const test = parts[2]?.classIds.filter((id) => id === c + 1).length ?? 0;
            expect(test).toBeLessThan(Math.min(size, size * share + 1) + 1e-9);
            expect(test).toBeGreaterThan(Math.min(size - 1, size * share - 1) - 1e-6);
          });
        },
      ),
    );
  });

  it('reaches the share of the whole also where classes are small', () => {
    const { counts } = createSplit({
      ...input,
      images: makeImages(Array<number>(100).fill(5)),
      testShare: 0.3,
    });
    expect(counts.test.images).toBe(150);
    expect(counts.validation.images).toBe(35);
  });

  it('refuses a dataset with one image a class', () => {
    expect(() => createSplit({ ...input, images: makeImages([1, 1, 1]) })).toThrow(/Split by class/);
  });
});

describe('leaks', () => {
  const images = makeImages([2, 2, 2, 2]);
  const copies = [
    { kind: 'near', distance: 2, imageIds: [1, 3, 5, 7] },
    { kind: 'exact', distance: 0, imageIds: [2, 4, 6, 8] },
    { kind: 'near', distance: 1, imageIds: [2, 8] },
  ] as const;

  it('counts images of a part with a copy in a later part, each once', () => {
    const { leaks, leakCounts, parts } = createSplit({ ...DEFAULTS, images, copies, validationShare: 0 });
    expect(parts.map((part) => part.imageIds.length)).toEqual([4, 0, 4]);
    expect(leakCounts).toEqual([
      { from: 'train', to: 'validation', exact: 0, near: 0 },
      { from: 'train', to: 'test', exact: 2, near: 2 },
      { from: 'validation', to: 'test', exact: 0, near: 0 },
    ]);
    expect(leaks).toHaveLength(4);
    expect(leaks[0]).toMatchObject({ kind: 'exact', from: 'train', to: 'test' });
  });

  it('leaves copies of test images out of training when asked, and proves it', () => {
    fc.assert(
      fc.property(seedArbitrary, (seed) => {
        const many = makeImages([3, 3, 3, 3, 3, 3]);
        const pairs = [1, 4, 7].map(
          (id) => ({ kind: 'exact', distance: 0, imageIds: [id, id + 8] }) as const,
        );
        const split = createSplit({
          ...DEFAULTS,
          images: many,
          copies: pairs,
          seed,
          dropLeaks: true,
          validationShare: 0.3,
        });
        const counts = split.leakCounts.filter((count) => count.to === 'test');
        expect(counts.every((count) => count.exact === 0 && count.near === 0)).toBe(true);
        const kept = split.parts.reduce((sum, part) => sum + part.imageIds.length, 0);
        expect(kept + split.dropped.length).toBe(18);
      }),
    );
  });
});
