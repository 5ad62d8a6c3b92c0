import type { MinedTriplets } from '#learn/miners/smart.ts';
import type { MineResult } from '#shared/worker/mine.ts';

const BINS = 40;

type Distances = Pick<MinedTriplets, 'count' | 'anchorPositive' | 'anchorNegative'>;

/** d(a,p) - d(a,n) of every triplet: the higher, the harder. */
function violations({ anchorPositive, anchorNegative }: Distances): Float64Array {
  return anchorPositive.map((distance, row) => distance - anchorNegative[row]!);
}

/** Rows of the triplets, hardest first, equally hard ones by their anchor. */
export function hardestFirst(mined: Distances): Int32Array {
  const violation = violations(mined);
  return Int32Array.from(violation.keys()).sort((a, b) => violation[b]! - violation[a]! || a - b);
}

/** Share of triplets with d(a,p) - d(a,n) + margin > 0; 0 without triplets. */
export function activeShare(mined: Distances, margin: number): number {
  if (mined.count === 0) return 0;
  return violations(mined).filter((violation) => violation + margin > 0).length / mined.count;
}

/** Counts of the violation in equal bins between its least and its largest value. */
export function histogramOfViolations(mined: Distances): MineResult['histogram'] {
  const violation = violations(mined);
  if (violation.length === 0) return { from: 0, to: 0, counts: [] };
  const from = violation.reduce((least, value) => Math.min(least, value), Infinity);
  const to = violation.reduce((most, value) => Math.max(most, value), -Infinity);
  const counts = new Array<number>(BINS).fill(0);
  for (const value of violation) {
    const bin = to > from ? Math.floor(((value - from) / (to - from)) * BINS) : 0;
    counts[Math.min(bin, BINS - 1)]!++;
  }
  return { from, to, counts };
}
