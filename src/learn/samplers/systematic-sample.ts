import { type Random, shuffledIndices } from '../random/counter-random.ts';

/**
 * Systematic sampling: items lie along a line in a random order, as long as their lengths, and equally spaced points from
 * a random start count for the item they fall on. An item of length x * spacing gets x points in the mean, rounded up or
 * down; the number of points is exact.
 *
 * @param lengths [items], whole numbers whose sum is a multiple of `spacing` and below 2^53
 * @returns [items] points on each item
 */
export function systematicSample(
  lengths: Float64Array | Int32Array,
  spacing: number,
  random: Random,
): Int32Array {
  const counts = new Int32Array(lengths.length);
  let point = random.below(spacing);
  let end = 0;
  for (const item of shuffledIndices(lengths.length, random)) {
    end += lengths[item]!;
    if (end <= point) continue;
    counts[item] = Math.ceil((end - point) / spacing);
    point += counts[item] * spacing;
  }
  return counts;
}
