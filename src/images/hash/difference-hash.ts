import type { RgbImage } from '../transforms/pixels.ts';

const COLUMNS = 9;
const ROWS = 8;

/**
 * 64-bit difference hash: the picture is averaged to 9 x 8 grey cells, and each bit says whether a cell is darker than
 * its right neighbour, row by row, first bit highest. Copies that were resized, recompressed or slightly recoloured
 * differ in few bits. A flat picture has no differences and hashes to zero: equal or near hashes are a reason to
 * compare two pictures, not a proof (see `tiny-picture.ts`).
 *
 * @returns 16 hex digits
 */
export function differenceHash(image: RgbImage): string {
  const cells = greyCells(image);
  let hex = '';
  for (let row = 0; row < ROWS; row++) {
    let byte = 0;
    for (let column = 0; column < COLUMNS - 1; column++) {
      const at = row * COLUMNS + column;
      byte = (byte << 1) | ((cells[at] as number) < (cells[at + 1] as number) ? 1 : 0);
    }
    hex += byte.toString(16).padStart(2, '0');
  }
  return hex;
}

/** Average luma (BT.601, times 1000) of every cell, rounded: tiny differences of decoders must not flip bits. */
function greyCells({ data, width, height }: RgbImage): Int32Array {
  const cells = new Int32Array(COLUMNS * ROWS);
  for (let row = 0; row < ROWS; row++) {
    const top = Math.min(Math.floor((row * height) / ROWS), height - 1);
    const bottom = Math.max(Math.floor(((row + 1) * height) / ROWS), top + 1);
    for (let column = 0; column < COLUMNS; column++) {
      const left = Math.min(Math.floor((column * width) / COLUMNS), width - 1);
      const right = Math.max(Math.floor(((column + 1) * width) / COLUMNS), left + 1);
      let r = 0;
      let g = 0;
      let b = 0;
      for (let y = top; y < bottom; y++) {
        const end = (y * width + right) * 3;
        for (let at = (y * width + left) * 3; at < end; at += 3) {
          r += data[at] as number;
          g += data[at + 1] as number;
          b += data[at + 2] as number;
        }
      }
      const pixels = (bottom - top) * (right - left);
      cells[row * COLUMNS + column] = Math.round((299 * r + 587 * g + 114 * b) / pixels / 1000);
    }
  }
  return cells;
}
