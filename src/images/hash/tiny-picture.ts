import type { Resampler } from '../transforms/resampler.ts';
import type { RgbImage } from '../transforms/pixels.ts';

/** Side of the picture that confirms a near duplicate. */
export const TINY_SIDE = 16;
export const TINY_BYTES = TINY_SIDE * TINY_SIDE * 3;

/** Root mean square and largest difference, in grey levels, up to which two tiny pictures count as the same picture. */
const MAX_RMS = 6;
const MAX_DIFFERENCE = 40;

/** The picture at 16 x 16 RGB, whatever its shape. */
export function tinyPicture(image: RgbImage, resampler: Resampler): Uint8Array {
  const tiny = new Uint8Array(TINY_BYTES);
  resampler.resize(image, { width: TINY_SIDE, height: TINY_SIDE }, tiny);
  return tiny;
}

/**
 * Whether two pictures with near hashes are near copies. The hash alone sees only which of two cells is darker: flat
 * pictures, and drawings on one background, share it without showing the same thing. A resized or recompressed copy stays
 * within a few grey levels everywhere; another drawing differs strongly somewhere.
 */
export function tinyPicturesMatch(a: Uint8Array, b: Uint8Array): boolean {
  let squares = 0;
  for (let i = 0; i < TINY_BYTES; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference > MAX_DIFFERENCE || difference < -MAX_DIFFERENCE) return false;
    squares += difference * difference;
  }
  return squares <= MAX_RMS * MAX_RMS * TINY_BYTES;
}
