import { describe, expect, it } from 'vitest';
import { centerCrop, centerCropOffset } from './center-crop.ts';
import { evaluationCrop } from './evaluation-crop.ts';
import { flipHorizontally } from './horizontal-flip.ts';
import { MINUS_ONE_TO_ONE, Normalizer } from './normalize.ts';
import { randomResizedCropWindow } from './random-resized-crop.ts';
import { Resampler } from './resampler.ts';
import { shorterSideSize } from './shorter-side.ts';

function noise(height: number, width: number, seed = 1) {
  let state = seed;
  const data = Uint8Array.from({ length: height * width * 3 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
  return { data, height, width };
}

/** The definition in float, without rounding between the passes. */
function referenceLine(input: readonly number[], output: number): number[] {
  const scale = input.length / output;
  const support = Math.max(1, scale);
  return Array.from({ length: output }, (_, i) => {
    const center = (i + 0.5) * scale;
    let sum = 0;
    let total = 0;
    input.forEach((value, j) => {
      const weight = Math.max(0, 1 - Math.abs(j + 0.5 - center) / support);
      sum += weight * value;
      total += weight;
    });
    return sum / total;
  });
}

describe('Resampler', () => {
  const resampler = new Resampler();

  it.each([
    [40, 10],
    [10, 23],
    [31, 17],
    [17, 1],
    [1, 5],
  ])('follows the definition from %i to %i pixels in both directions', (from, to) => {
    const line = noise(1, from);
    const red = Array.from({ length: from }, (_, i) => line.data[i * 3] as number);
    const expected = referenceLine(red, to);
    const out = new Uint8Array(to * 3);
    resampler.resize(line, { height: 1, width: to }, out);
    expected.forEach((value, i) =>
      expect(Math.abs((out[i * 3] as number) - value)).toBeLessThanOrEqual(0.501),
    );
    resampler.resize({ data: line.data, width: 1, height: from }, { height: to, width: 1 }, out);
    expected.forEach((value, i) =>
      expect(Math.abs((out[i * 3] as number) - value)).toBeLessThanOrEqual(0.501),
    );
  });

  it('leaves an image of the same size as it is', () => {
    const image = noise(9, 7);
    const out = new Uint8Array(image.data.length);
    resampler.resize(image, image, out);
    expect(out).toEqual(image.data);
  });

  it('computes a part of the result as the whole would have it', () => {
    const image = noise(50, 61);
    const size = { height: 20, width: 25 };
    const whole = new Uint8Array(20 * 25 * 3);
    resampler.resize(image, size, whole);
    const part = { top: 3, left: 4, height: 10, width: 11 };
    const out = new Uint8Array(5 + 10 * 11 * 3);
    resampler.resize(image, size, out, { part, offset: 5 });
    for (let y = 0; y < 10; y++) {
      const from = ((y + 3) * 25 + 4) * 3;
      expect(out.subarray(5 + y * 33, 5 + y * 33 + 33)).toEqual(whole.subarray(from, from + 33));
    }
  });

  it('keeps pixels outside the window out of the result', () => {
    const image = noise(30, 30);
    const window = { top: 5, left: 6, height: 12, width: 14 };
    const crop = new Uint8Array(12 * 14 * 3);
    for (let y = 0; y < 12; y++) {
      const from = ((y + 5) * 30 + 6) * 3;
      crop.set(image.data.subarray(from, from + 42), y * 42);
    }
    const size = { height: 7, width: 8 };
    const direct = new Uint8Array(7 * 8 * 3);
    const cropped = new Uint8Array(7 * 8 * 3);
    resampler.resize(image, size, direct, { window });
    resampler.resize({ data: crop, height: 12, width: 14 }, size, cropped);
    expect(direct).toEqual(cropped);
  });

  it('refuses a window that leaves the image and a target that is too small', () => {
    const image = noise(5, 5);
    const out = new Uint8Array(12);
    const window = { top: 3, left: 0, height: 3, width: 2 };
    expect(() => resampler.resize(image, { height: 2, width: 2 }, out, { window })).toThrow(RangeError);
    expect(() => resampler.resize(image, { height: 3, width: 2 }, out)).toThrow(RangeError);
  });
});

describe('crops', () => {
  it('puts a centred crop at the even offset when it cannot be halved', () => {
    expect([centerCropOffset(11, 6), centerCropOffset(13, 6), centerCropOffset(10, 6)]).toEqual([2, 4, 2]);
  });

  it('pads an image that is smaller than the crop', () => {
    const out = new Uint8Array(9 * 3).fill(7);
    centerCrop({ data: Uint8Array.of(1, 2, 3), width: 1, height: 1 }, { height: 3, width: 3 }, out);
    expect(Array.from(out)).toEqual([...Array<number>(12).fill(0), 1, 2, 3, ...Array<number>(12).fill(0)]);
  });

  it('cuts the longer side to a whole pixel', () => {
    expect(shorterSideSize({ height: 9, width: 12 }, 20)).toEqual({ height: 20, width: 26 });
    expect(shorterSideSize({ height: 31, width: 17 }, 10)).toEqual({ height: 18, width: 10 });
  });

  it('evaluates in one pass what resizing and cropping give', () => {
    const resampler = new Resampler();
    const image = noise(33, 47);
    const size = shorterSideSize(image, 20);
    const resized = new Uint8Array(size.height * size.width * 3);
    resampler.resize(image, size, resized);
    const expected = new Uint8Array(16 * 16 * 3);
    centerCrop({ data: resized, ...size }, { height: 16, width: 16 }, expected);
    const out = new Uint8Array(16 * 16 * 3);
    evaluationCrop(resampler, image, { resize: 20, crop: 16 }, out);
    expect(out).toEqual(expected);
  });

  it('falls back to the centre of an image that no try fits', () => {
    const options = { scale: [1, 1], ratio: [3 / 4, 4 / 3] } as const;
    const window = randomResizedCropWindow({ height: 100, width: 10 }, options, () => 0.5);
    expect(window).toEqual({ top: 43, left: 0, height: 13, width: 10 });
  });

  it('draws windows inside the image with areas inside the range', () => {
    let state = 7;
    const random = () => (state = (state * 16807) % 2147483647) / 2147483647;
    for (let i = 0; i < 2000; i++) {
      const { top, left, height, width } = randomResizedCropWindow(
        { height: 60, width: 80 },
        { scale: [0.3, 0.9], ratio: [0.8, 1.25] },
        random,
      );
      expect(top >= 0 && left >= 0 && top + height <= 60 && left + width <= 80).toBe(true);
      const share = (height * width) / 4800;
      expect(share > 0.28 && share < 0.93).toBe(true);
    }
  });
});

describe('flip and normalise', () => {
  it('mirrors rows, and twice is the original', () => {
    const data = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);
    flipHorizontally(data, { height: 1, width: 3 });
    expect(Array.from(data)).toEqual([7, 8, 9, 4, 5, 6, 1, 2, 3]);
    flipHorizontally(data, { height: 1, width: 3 });
    expect(Array.from(data)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('writes both layouts and both channel orders', () => {
    const source = Uint8Array.of(0, 255, 127, 51, 102, 204);
    const last = new Float32Array(6);
    new Normalizer(MINUS_ONE_TO_ONE).channelsLast(source, last, 2);
    [-1, 1, -0.00392, -0.6, -0.2, 0.6].forEach((value, i) => expect(last[i]).toBeCloseTo(value, 4));
    const first = new Float32Array(6);
    new Normalizer({ channelOrder: 'BGR', scale: 255, mean: [1, 2, 3], std: [1, 1, 2] }).channelsFirst(
      source,
      first,
      2,
    );
    [126, 203, 253, 100, -1.5, 24].forEach((value, i) => expect(first[i]).toBeCloseTo(value, 4));
  });
});
