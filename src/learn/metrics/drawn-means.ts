import type { Random } from '../random/counter-random.ts';

/** What is drawn as a whole: the sums of its values, a column each, and what each column's sum is divided by. */
export interface Clusters {
  readonly sums: readonly ArrayLike<number>[];
  readonly sizes: ArrayLike<number>;
}

/** Sums by class, in the order in which the classes occur. */
export function clustersOf(
  columns: readonly ArrayLike<number>[],
  sizes: ArrayLike<number> | null,
  classes: ArrayLike<number>,
): Clusters {
  const items = columns[0]!.length;
  if (classes.length !== items) throw new RangeError(`${classes.length} classes for ${items} queries`);
  const numbers = new Map<number, number>();
  for (let i = 0; i < items; i++) {
    if (!numbers.has(classes[i]!)) numbers.set(classes[i]!, numbers.size);
  }
  const clusterSizes = new Float64Array(numbers.size);
  const sums = columns.map(() => new Float64Array(numbers.size));
  for (let i = 0; i < items; i++) {
    const cluster = numbers.get(classes[i]!)!;
    clusterSizes[cluster]! += sizes === null ? 1 : sizes[i]!;
    sums.forEach((sum, column) => (sum[cluster]! += columns[column]![i]!));
  }
  return { sums, sizes: clusterSizes };
}

/**
 * As many clusters as there are, drawn with replacement: sum of sums / sum of sizes.
 *
 * @returns for every column the means of all samples [samples]; NaN where a sample has no size
 */
export function drawnMeans(
  { sums, sizes }: Clusters,
  samples: number,
  randomOf: (sample: number) => Random,
): Float64Array[] {
  const means = sums.map(() => new Float64Array(samples));
  const totals = new Float64Array(sums.length);
  for (let sample = 0; sample < samples; sample++) {
    const random = randomOf(sample);
    totals.fill(0);
    let drawn = 0;
    for (let i = 0; i < sizes.length; i++) {
      const cluster = random.below(sizes.length);
      drawn += sizes[cluster]!;
      for (let column = 0; column < sums.length; column++) totals[column]! += sums[column]![cluster]!;
    }
    totals.forEach((total, column) => (means[column]![sample] = total / drawn));
  }
  return means;
}

const LOW = 0.025;
const HIGH = 0.975;

/** The middle 95 % of the samples that are numbers, linear between the two nearest. */
export function percentileInterval(samples: Float64Array): { readonly low: number; readonly high: number } {
  const sorted = samples.filter((value) => !Number.isNaN(value)).sort();
  return { low: percentile(sorted, LOW), high: percentile(sorted, HIGH) };
}

function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
