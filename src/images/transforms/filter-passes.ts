import { type FilterWeights, WEIGHT_BITS } from './filter-weights.ts';

const HALF = 1 << (WEIGHT_BITS - 1);

/*
 * The two inner loops of a resize. Sums stay below 2^31 (255 * 2^22 + 2^21), so plain 32-bit integers do; the casts
 * (`as number`) only say that an index is inside.
 */

/** Horizontal pass: `rows` lines of RGB from `source` to [rows, width, 3] in `target`. */
export function filterRows(
  source: Uint8Array,
  start: number,
  stride: number,
  rows: number,
  filter: FilterWeights,
  width: number,
  target: Uint8Array,
): void {
  const { starts, counts, weights, stride: taps } = filter;
  let out = 0;
  for (let y = 0; y < rows; y++) {
    const line = start + y * stride;
    for (let x = 0; x < width; x++) {
      let from = line + (starts[x] as number) * 3;
      const firstWeight = x * taps;
      const endWeight = firstWeight + (counts[x] as number);
      let r = HALF;
      let g = HALF;
      let b = HALF;
      for (let w = firstWeight; w < endWeight; w++) {
        const weight = weights[w] as number;
        r = (r + Math.imul(source[from] as number, weight)) | 0;
        g = (g + Math.imul(source[from + 1] as number, weight)) | 0;
        b = (b + Math.imul(source[from + 2] as number, weight)) | 0;
        from += 3;
      }
      target[out] = r >> WEIGHT_BITS;
      target[out + 1] = g >> WEIGHT_BITS;
      target[out + 2] = b >> WEIGHT_BITS;
      out += 3;
    }
  }
}

/** Vertical pass: from lines of `rowBytes` bytes, of which the first is row `firstRow`, to `height` lines in `target`. */
export function filterColumns(
  source: Uint8Array,
  rowBytes: number,
  firstRow: number,
  filter: FilterWeights,
  height: number,
  target: Uint8Array,
  offset: number,
): void {
  const { starts, counts, weights, stride: taps } = filter;
  let out = offset;
  for (let y = 0; y < height; y++) {
    const line = ((starts[y] as number) - firstRow) * rowBytes;
    const firstWeight = y * taps;
    const count = counts[y] as number;
    if (count === 1) {
      // One tap has the whole weight.
      target.set(source.subarray(line, line + rowBytes), out);
    } else if (count === 2) {
      const w0 = weights[firstWeight] as number;
      const w1 = weights[firstWeight + 1] as number;
      for (let x = 0; x < rowBytes; x++) {
        const upper = Math.imul(source[line + x] as number, w0);
        const lower = Math.imul(source[line + rowBytes + x] as number, w1);
        target[out + x] = (HALF + upper + lower) >> WEIGHT_BITS;
      }
    } else {
      for (let x = 0; x < rowBytes; x++) {
        let sum = HALF;
        let from = line + x;
        for (let w = firstWeight; w < firstWeight + count; w++) {
          sum = (sum + Math.imul(source[from] as number, weights[w] as number)) | 0;
          from += rowBytes;
        }
        target[out + x] = sum >> WEIGHT_BITS;
      }
    }
    out += rowBytes;
  }
}
