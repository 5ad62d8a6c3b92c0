import type { Score } from '#shared/domain/evaluation.ts';
import { type Random, createRandom } from '../random/counter-random.ts';

export interface BootstrapOptions {
  readonly samples: number;
  readonly seed: number;
  /** The class of every query [queries]; where it is given, scores get an interval over classes, too. */
  readonly classes?: ArrayLike<number>;
}

const LOW = 0.025;
const HIGH = 0.975;
/** Third key of the draws of classes, so that they are not the draws of queries. */
const OVER_CLASSES = 1;

/**
 * Means of per-query values with 95 % percentile intervals: queries are drawn again with replacement, all columns with
 * the same draws. Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3. Sample `s` depends only
 * on (seed, s), so the same input always gives the same interval.
 *
 * Queries of one class are alike, so for a claim about other classes the interval over queries is too narrow. The one
 * over classes draws whole classes with all their queries: Davison and Hinkley, "Bootstrap Methods and their
 * Application", 1997, section 3.8. It needs queries of two classes at least.
 *
 * @param columns each [queries]
 */
export function bootstrapMeans<Name extends string>(
  columns: Readonly<Record<Name, ArrayLike<number>>>,
  { samples, seed, classes }: BootstrapOptions,
): Record<Name, Score> {
  const names = Object.keys(columns) as Name[];
  const values = names.map((name) => columns[name]);
  const queries = values[0]?.length ?? 0;
  if (queries === 0) throw new RangeError('no queries to draw from');
  const single = { sums: values, sizes: new Uint8Array(queries).fill(1) };
  const means = drawnMeans(single, samples, (sample) => createRandom(seed, sample));
  const clusters = classes === undefined ? null : clustersOf(values, classes);
  const classMeans =
    clusters === null || clusters.sizes.length < 2
      ? null
      : drawnMeans(clusters, samples, (sample) => createRandom(seed, sample, OVER_CLASSES));
  const scores = names.map((name, column) => {
    const score = interval(meanOf(values[column]!), means[column]!);
    if (classMeans === null) return [name, score] as const;
    const { low: classLow, high: classHigh } = interval(score.value, classMeans[column]!);
    return [name, { ...score, classLow, classHigh }] as const;
  });
  return Object.fromEntries(scores) as Record<Name, Score>;
}

/** What is drawn as a whole: the sums of its values, a column each, and how many values they are. */
interface Clusters {
  readonly sums: readonly ArrayLike<number>[];
  readonly sizes: ArrayLike<number>;
}

function clustersOf(values: readonly ArrayLike<number>[], classes: ArrayLike<number>): Clusters {
  const queries = values[0]!.length;
  if (classes.length !== queries) throw new RangeError(`${classes.length} classes for ${queries} queries`);
  const numbers = new Map<number, number>();
  for (let i = 0; i < queries; i++) {
    if (!numbers.has(classes[i]!)) numbers.set(classes[i]!, numbers.size);
  }
  const sizes = new Float64Array(numbers.size);
  const sums = values.map(() => new Float64Array(numbers.size));
  for (let i = 0; i < queries; i++) {
    const cluster = numbers.get(classes[i]!)!;
    sizes[cluster]! += 1;
    sums.forEach((sum, column) => (sum[cluster]! += values[column]![i]!));
  }
  return { sums, sizes };
}

/** @returns for every column the means of all samples [samples] */
function drawnMeans(
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

/**
 * Mean of b - a over the same queries, with its interval: the two scores of a query are drawn together. Clear of zero
 * means that the difference is larger than the chance of these queries.
 *
 * @example pairedDifference([0, 1], [1, 1], { samples: 100, seed: 1 }).value // 0.5
 */
export function pairedDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  options: BootstrapOptions,
): Score {
  if (a.length !== b.length) throw new RangeError(`${a.length} and ${b.length} queries cannot be paired`);
  const difference = Float64Array.from({ length: a.length }, (_, i) => b[i]! - a[i]!);
  return bootstrapMeans({ difference }, options).difference;
}

/**
 * Interval of a score that is no mean of queries. Drawing with replacement repeats images, which shifts such scores (an
 * agreement of partitions rises), so the spread of the samples about their own mean is laid around the value.
 *
 * @param scoreOf the score of the images that are drawn; `draws` holds their numbers and is overwritten afterwards
 */
export function bootstrapAround(
  value: number,
  images: number,
  scoreOf: (draws: Int32Array) => number,
  { samples, seed }: BootstrapOptions,
): Score {
  const scores = new Float64Array(samples);
  const draws = new Int32Array(images);
  for (let sample = 0; sample < samples; sample++) {
    draw(draws, createRandom(seed, sample));
    scores[sample] = scoreOf(draws);
  }
  const shift = value - meanOf(scores);
  return interval(
    value,
    scores.map((score) => score + shift),
  );
}

function draw(into: Int32Array, random: Random): void {
  for (let i = 0; i < into.length; i++) into[i] = random.below(into.length);
}

function interval(value: number, samples: Float64Array): Score {
  const sorted = samples.slice().sort();
  return { value, low: percentile(sorted, LOW), high: percentile(sorted, HIGH) };
}

/** Linear between the two nearest of the sorted values. */
function percentile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (place - below);
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
