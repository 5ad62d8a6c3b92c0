import type { Score } from '#shared/domain/evaluation.ts';
import { createRandom } from '../random/counter-random.ts';
import { bootstrapMeans } from './bootstrap.ts';
import { clustersOf } from './drawn-means.ts';

export interface PairedTest {
  /** Mean of b - a with its intervals. */
  readonly difference: Score;
  /** Two-sided, over queries. */
  readonly p: number;
  /** Two-sided, over classes; null where there are fewer than two. */
  readonly classP: number | null;
}

export interface PairedTestOptions {
  readonly samples: number;
  readonly seed: number;
  /** The class of every query [queries]. */
  readonly classes: ArrayLike<number>;
  /** Random assignments of signs; the smallest p is 1 / (flips + 1). */
  readonly flips?: number;
}

/** Third keys of the draws of signs. */
const [SIGNS, SIGNS_OF_CLASSES] = [2, 3];

/**
 * Whether b differs from a over the same queries: the mean difference with its bootstrap intervals, and the p value of a
 * sign-flip permutation test: if both were alike, each query's difference could as well have the other sign, so p is the
 * share of random signs whose mean is at least as far from 0 (Good, "Permutation, Parametric and Bootstrap Tests of
 * Hypotheses", 2005, section 3.2). Queries of one class are alike; `classP` gives whole classes one sign.
 *
 * @param a each [queries] @param b the same names
 */
export function pairedTests<Name extends string>(
  a: Readonly<Record<Name, ArrayLike<number>>>,
  b: Readonly<Record<Name, ArrayLike<number>>>,
  { samples, seed, classes, flips = 9999 }: PairedTestOptions,
): Record<Name, PairedTest> {
  const names = Object.keys(a) as Name[];
  const differences = Object.fromEntries(
    names.map((name) => [name, differenceOf(a[name], b[name])]),
  ) as Record<Name, Float64Array>;
  const scores = bootstrapMeans(differences, { samples, seed, classes });
  const columns = names.map((name) => differences[name]);
  const { sums } = clustersOf(columns, null, classes);
  const tests = names.map((name, column) => {
    const byClass = sums[column]!;
    const classP = byClass.length < 2 ? null : signFlipP(byClass, flips, [seed, SIGNS_OF_CLASSES]);
    return [
      name,
      { difference: scores[name], p: signFlipP(columns[column]!, flips, [seed, SIGNS]), classP },
    ] as const;
  });
  return Object.fromEntries(tests) as Record<Name, PairedTest>;
}

/** @example signFlipP([0, 0], 99, [1]) // 1: nothing differs */
export function signFlipP(values: ArrayLike<number>, flips: number, keys: readonly number[]): number {
  const differing = Float64Array.from(values).filter((value) => value !== 0);
  if (differing.length === 0) return 1;
  const total = differing.reduce((sum, value) => sum + value, 0);
  // Sums in another order may differ in the last bits; equal ones must count.
  const size = differing.reduce((sum, value) => sum + Math.abs(value), 0);
  const least = Math.abs(total) - size * 1e-12;
  let asFar = 0;
  for (let flip = 0; flip < flips; flip++) {
    const random = createRandom(...keys, flip);
    let sum = 0;
    let bits = 0;
    for (let i = 0; i < differing.length; i++) {
      if ((i & 31) === 0) bits = random.below(0x1_0000_0000);
      sum += (bits >>> (i & 31)) & 1 ? differing[i]! : -differing[i]!;
    }
    if (Math.abs(sum) >= least) asFar++;
  }
  return (asFar + 1) / (flips + 1);
}

function differenceOf(a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  if (a.length !== b.length) throw new RangeError(`${a.length} and ${b.length} queries cannot be paired`);
  return Float64Array.from({ length: a.length }, (_, i) => b[i]! - a[i]!);
}
