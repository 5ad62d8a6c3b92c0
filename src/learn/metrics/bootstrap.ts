import type { Score } from '#shared/domain/evaluation.ts';
import { type Random, createRandom } from '../random/counter-random.ts';

export interface BootstrapOptions {
  readonly samples: number;
  readonly seed: number;
}

const LOW = 0.025;
const HIGH = 0.975;

/**
 * Means of per-query values with 95 % percentile intervals: queries are drawn again with replacement, all columns with
 * the same draws. Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3. Sample `s` depends only
 * on (seed, s), so the same input always gives the same interval.
 *
 * @param columns each [queries]
 */
export function bootstrapMeans<Name extends string>(
  columns: Readonly<Record<Name, ArrayLike<number>>>,
  { samples, seed }: BootstrapOptions,
): Record<Name, Score> {
  const names = Object.keys(columns) as Name[];
  const values = names.map((name) => columns[name]);
  const queries = values[0]?.length ?? 0;
  if (queries === 0) throw new RangeError('no queries to draw from');
  const means = names.map(() => new Float64Array(samples));
  const sums = new Float64Array(names.length);
  for (let sample = 0; sample < samples; sample++) {
    const random = createRandom(seed, sample);
    sums.fill(0);
    for (let i = 0; i < queries; i++) {
      const query = random.below(queries);
      for (let column = 0; column < values.length; column++) sums[column]! += values[column]![query]!;
    }
    sums.forEach((sum, column) => (means[column]![sample] = sum / queries));
  }
  const scores = names.map(
    (name, column) => [name, interval(meanOf(values[column]!), means[column]!)] as const,
  );
  return Object.fromEntries(scores) as Record<Name, Score>;
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
