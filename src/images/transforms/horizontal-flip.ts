import type { Size } from './pixels.ts';

/** Mirrors [height, width, 3] left to right, in place. */
export function flipHorizontally(data: Uint8Array, { height, width }: Size, offset = 0): void {
  for (let y = 0; y < height; y++) {
    let left = offset + y * width * 3;
    let right = left + (width - 1) * 3;
    while (left < right) {
      for (let c = 0; c < 3; c++) {
        const kept = data[left + c] as number;
        data[left + c] = data[right + c] as number;
        data[right + c] = kept;
      }
      left += 3;
      right -= 3;
    }
  }
}
