/** One measured comparison: ours against a named peer, side by side in the same run. */
export interface BenchRow {
  readonly name: string;
  readonly ours: number;
  readonly theirs: number;
  /** ours / theirs for times and sizes, so that smaller is better. */
  readonly ratio: number;
  readonly unit: string;
  /** What `theirs` is: the peer's name and version, or the budget that the project set itself. */
  readonly against: string;
  /** The largest ratio that the project promises. */
  readonly target: number;
}

export interface BenchContext {
  /** True when `--against torch` was given and PyTorch may be installed and run. */
  readonly torch: boolean;
  /** True when `--against faiss` was given. */
  readonly faiss: boolean;
  /** A folder that is removed afterwards. */
  readonly folder: string;
  log(message: string): void;
}

export interface Bench {
  readonly name: string;
  readonly title: string;
  /** Run only where `--only` names it. */
  readonly optIn?: boolean;
  run(context: BenchContext): Promise<readonly BenchRow[]>;
}

/** Middle of the sorted values; the mean of the two middle ones where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) throw new RangeError('the median of nothing');
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

export function row(
  name: string,
  unit: string,
  ours: number,
  theirs: number,
  against: string,
  target: number,
): BenchRow {
  return { name, ours, theirs, ratio: ours / theirs, unit, against, target };
}
