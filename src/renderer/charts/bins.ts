/** Counts in equal bins between `from` and `to`. */
export interface Bins {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}

export interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Height as a share of the highest bin. */
  readonly share: number;
}

export function binsOf({ from, to, counts }: Bins): Bin[] {
  const highest = Math.max(1, ...counts);
  const width = (to - from) / Math.max(1, counts.length);
  return counts.map((count, index) => ({
    from: from + index * width,
    to: from + (index + 1) * width,
    count,
    share: count / highest,
  }));
}

/** The share of all that lies at or above a value, by whole bins. */
export function shareFrom(bins: Bins, value: number): number {
  const all = bins.counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return 0;
  const above = binsOf(bins).reduce((sum, bin) => sum + (bin.from >= value - 1e-9 ? bin.count : 0), 0);
  return above / all;
}
