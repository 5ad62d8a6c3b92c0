import type { RgbImage, Size, Window } from './pixels.ts';
import { roundHalfToEven } from './round.ts';

/** First row or column of a centred crop; halves go to the even number. */
export const centerCropOffset = (length: number, crop: number): number =>
  roundHalfToEven((length - crop) / 2);

/** The centred window of an image that is at least as large as the crop. */
export function centerCropWindow(image: Size, crop: Size): Window {
  return {
    top: centerCropOffset(image.height, crop.height),
    left: centerCropOffset(image.width, crop.width),
    height: crop.height,
    width: crop.width,
  };
}

/**
 * Copies the centre of `image`, [crop.height, crop.width, 3], into `target`. A smaller image is first padded with
 * zeros to the size of the crop (half before, the larger half after).
 */
export function centerCrop(image: RgbImage, crop: Size, target: Uint8Array, offset = 0): void {
  const down = placement(image.height, crop.height);
  const across = placement(image.width, crop.width);
  target.fill(0, offset, offset + crop.height * crop.width * 3);
  for (let y = 0; y < down.length; y++) {
    const from = ((down.from + y) * image.width + across.from) * 3;
    const to = offset + ((down.to + y) * crop.width + across.to) * 3;
    target.set(image.data.subarray(from, from + across.length * 3), to);
  }
}

/** One dimension: read `length` values at `from`, write them at `to`. */
function placement(length: number, crop: number): { from: number; to: number; length: number } {
  return length >= crop
    ? { from: centerCropOffset(length, crop), to: 0, length: crop }
    : { from: 0, to: Math.floor((crop - length) / 2), length };
}
