import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Resampler } from '../transforms/resampler.ts';
import { differenceHash } from './difference-hash.ts';
import { bitCount, hammingDistance, parseHashes } from './hamming.ts';
import { hashBytes, hashFile } from './hash-file.ts';
import { findNearPairs } from './near-pairs.ts';
import { tinyPicture, tinyPicturesMatch } from './tiny-picture.ts';

function gradient(width: number, height: number, level: (x: number, y: number) => number) {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      data.fill(level(x / width, y / height), (y * width + x) * 3, (y * width + x) * 3 + 3);
  }
  return { data, width, height };
}

describe('differenceHash', () => {
  it('knows rising, falling and flat pictures', () => {
    expect(differenceHash(gradient(90, 80, (x) => x * 250))).toBe('ffffffffffffffff');
    expect(differenceHash(gradient(90, 80, (x) => 250 - x * 250))).toBe('0000000000000000');
    expect(differenceHash(gradient(90, 80, () => 77))).toBe('0000000000000000');
    expect(differenceHash(gradient(90, 80, (x, y) => (y < 0.5 ? x * 250 : 0)))).toBe('ffffffff00000000');
    expect(differenceHash(gradient(2, 1, (x) => x * 250))).toMatch(/^[0-9a-f]{16}$/);
  });

  it('moves by few bits when a picture is resized', () => {
    const level = (x: number, y: number): number => 128 + 100 * Math.sin(x * 9) * Math.cos(y * 7 + x);
    const hashes = parseHashes([
      differenceHash(gradient(256, 200, level)),
      differenceHash(gradient(171, 133, level)),
    ]);
    expect(hammingDistance(hashes, 0, 1)).toBeLessThanOrEqual(3);
  });
});

describe('hamming', () => {
  it('counts bits', () => {
    expect([0, 1, -1, 0x80000000, 0xf0f0].map(bitCount)).toEqual([0, 1, 32, 1, 8]);
    const hashes = parseHashes(['0000000000000000', 'ffffffffffffffff', '8000000000000001']);
    expect([
      hammingDistance(hashes, 0, 1),
      hammingDistance(hashes, 0, 2),
      hammingDistance(hashes, 2, 1),
    ]).toEqual([64, 2, 62]);
  });
});

function bruteForce(hashes: ReturnType<typeof parseHashes>, radius: number): string[] {
  const found: string[] = [];
  for (let b = 1; b < hashes.high.length; b++) {
    for (let a = 0; a < b; a++) {
      const distance = hammingDistance(hashes, a, b);
      if (distance <= radius) found.push(`${String(a)} ${String(b)} ${String(distance)}`);
    }
  }
  return found.sort();
}

function search(hashes: ReturnType<typeof parseHashes>, radius: number): string[] {
  const found: string[] = [];
  findNearPairs(hashes, radius, (a, b, distance) =>
    found.push(`${String(a)} ${String(b)} ${String(distance)}`),
  );
  return found.sort();
}

describe('findNearPairs', () => {
  it('finds what comparing all finds, each pair once', () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    const seeds = fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 6 });
    const flips = fc.array(fc.tuple(fc.nat(5), fc.array(fc.nat(63), { maxLength: 4 })), {
      minLength: 2,
      maxLength: 60,
    });
    fc.assert(
      fc.property(seeds, flips, fc.nat(3), (bases, changes, radius) => {
        const high = new Uint32Array(changes.length);
        const low = new Uint32Array(changes.length);
        changes.forEach(([base, bits], i) => {
          [high[i], low[i]] = bases[base % bases.length] as [number, number];
          for (const bit of bits) {
            if (bit < 32) high[i] = high[i] ^ (1 << bit);
            else low[i] = low[i] ^ (1 << (bit - 32));
          }
        });
        expect(search({ high, low }, radius)).toEqual(bruteForce({ high, low }, radius));
      }),
    );
  });

  it('finds the same in buckets that are searched through a second chunk', () => {
    const count = 1500;
    let state = 3;
    const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
    const high = new Uint32Array(count).map((_, i) => (i % 3 === 0 ? next() : 0xabcd0000 | (next() & 0x11)));
    const low = new Uint32Array(count).map(() => next() & 0x00130101);
    expect(search({ high, low }, 3)).toEqual(bruteForce({ high, low }, 3));
  });

  it('refuses a radius that it cannot search exactly', () => {
    expect(() => findNearPairs(parseHashes([]), 4, () => undefined)).toThrow(RangeError);
  });
});

describe('tiny pictures', () => {
  const resampler = new Resampler();

  it('confirm a resized copy and refuse another drawing with the same hash', () => {
    const face = (mouth: number) => (x: number, y: number) =>
      x > 0.3 && x < 0.7 && Math.abs(y - mouth) < 0.06 ? 20 : 230;
    const a = gradient(128, 128, face(0.6));
    const copy = gradient(96, 96, face(0.6));
    const other = gradient(128, 128, (x, y) => (x > 0.3 && x < 0.7 && y > 0.54 && y < 0.66 ? 90 : 230));
    expect(differenceHash(other)).toBe(differenceHash(a));
    const tiny = [a, copy, other].map((image) => tinyPicture(image, resampler)) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    expect(tinyPicturesMatch(tiny[0], tiny[1])).toBe(true);
    expect(tinyPicturesMatch(tiny[0], tiny[2])).toBe(false);
  });
});

describe('content hash', () => {
  it('is SHA-256, streamed or not', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plumage-hash-'));
    try {
      await writeFile(join(folder, 'abc'), 'abc');
      const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
      expect(await hashFile(join(folder, 'abc'))).toBe(expected);
      expect(hashBytes(Buffer.from('abc'))).toBe(expected);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
