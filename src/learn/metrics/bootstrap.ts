import type { Score } from '#shared/domain/evaluation.ts';
import { createRandom } from '../random/counter-random.ts';
import { clustersOf, drawnMeans, meanOf, percentileInterval } from './drawn-means.ts';

export interface BootstrapOptions {
  readonly samples: number;
  readonly seed: number;
  /** The class of every query [queries]; where it is given, scores get an interval over classes, too. */
  readonly classes?: ArrayLike<number>;
}

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
  const clusters = classes === undefined ? null : clustersOf(values, null, classes);
  const classMeans =
    clusters === null || clusters.sizes.length < 2
      ? null
      : drawnMeans(clusters, samples, (sample) => createRandom(seed, sample, OVER_CLASSES));
  const scores = names.map((name, column) => {
    const score = { value: meanOf(values[column]!), ...percentileInterval(means[column]!) };
    if (classMeans === null) return [name, score] as const;
    const { low: classLow, high: classHigh } = percentileInterval(classMeans[column]!);
    return [name, { ...score, classLow, classHigh }] as const;
  });
  return Object.fromEntries(scores) as Record<Name, Score>;
}

/**
 * Means over classes of the mean of each class (macro scores). The interval over queries draws every class's queries
 * again among themselves; the one over classes draws the class means.
 *
 * @param values [queries] @param classes [queries]
 */
export function bootstrapMacro(
  values: ArrayLike<number>,
  classes: ArrayLike<number>,
  { samples, seed }: Omit<BootstrapOptions, 'classes'>,
): Score {
  const members = Map.groupBy(Array.from(classes).keys(), (query) => classes[query]!);
  const groups = [...members.values()].map((queries) =>
    Float64Array.from(queries, (query) => values[query]!),
  );
  if (groups.length === 0) throw new RangeError('no queries to draw from');
  const means = Float64Array.from(groups, meanOf);
  const redrawn = new Float64Array(samples);
  for (let sample = 0; sample < samples; sample++) {
    const random = createRandom(seed, sample);
    let total = 0;
    for (const group of groups) {
      let sum = 0;
      for (let i = 0; i < group.length; i++) sum += group[random.below(group.length)]!;
      total += sum / group.length;
    }
    redrawn[sample] = total / groups.length;
  }
  const score = { value: meanOf(means), ...percentileInterval(redrawn) };
  if (groups.length < 2) return score;
  const units = { sums: [means], sizes: new Uint8Array(groups.length).fill(1) };
  const [overClasses] = drawnMeans(units, samples, (sample) => createRandom(seed, sample, OVER_CLASSES));
  const { low: classLow, high: classHigh } = percentileInterval(overClasses!);
  return { ...score, classLow, classHigh };
}

/**
 * A share of pairs of images, sum(parts) / sum(wholes) over images where each pair counts for both. Each pair depends on
 * two images, so drawing images shows half of the spread (Hajek's projection of a statistic of pairs): the samples are
 * laid twice as far from the value. Over classes no correction is due, for these pairs lie inside a class.
 *
 * @param parts [images] @param wholes [images]
 */
export function bootstrapPairShare(
  parts: ArrayLike<number>,
  wholes: ArrayLike<number>,
  { samples, seed, classes }: Required<BootstrapOptions>,
): Score {
  const [part, whole] = [meanOf(parts), meanOf(wholes)];
  if (!(whole > 0)) throw new RangeError('no pairs to draw from');
  const value = part / whole;
  const [drawn] = drawnMeans({ sums: [parts], sizes: wholes }, samples, (sample) =>
    createRandom(seed, sample),
  );
  const inRange = (share: number): number => Math.min(1, Math.max(0, value + 2 * (share - value)));
  const score = { value, ...percentileInterval(drawn!.map(inRange)) };
  const clusters = clustersOf([parts], wholes, classes);
  if (clusters.sizes.length < 2) return score;
  const [overClasses] = drawnMeans(clusters, samples, (sample) => createRandom(seed, sample, OVER_CLASSES));
  const { low: classLow, high: classHigh } = percentileInterval(overClasses!);
  return { ...score, classLow, classHigh };
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
