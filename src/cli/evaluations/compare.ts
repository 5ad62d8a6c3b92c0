import type { Comparison } from '#shared/domain/evaluation.ts';
import { count, interval, score } from '../output/numbers.ts';
import { table } from '../output/table.ts';

/** Below this a difference is called significant. */
const LEVEL = 0.05;

/** `second` is the one that the command named first: what is better than the other is positive. */
export function describeComparison(
  { rows, queries, classes }: Comparison,
  titles: { readonly first: string; readonly second: string },
): string {
  const cells = rows.map(({ key, first, second, difference, p, classP }) => {
    const { classLow, classHigh } = difference;
    const overClasses =
      classLow === undefined || classHigh === undefined ? '' : `${score(classLow)} to ${score(classHigh)}`;
    const verdict = p < LEVEL ? (classP === null || classP < LEVEL ? 'yes' : 'over queries only') : 'no';
    return [
      key,
      score(second),
      score(first),
      interval(difference),
      overClasses,
      pValue(p),
      classP === null ? '' : pValue(classP),
      verdict,
    ];
  });
  const head = [
    'score',
    'this',
    'other',
    'difference (95 %)',
    'over classes',
    'p',
    'p classes',
    'significant',
  ];
  return [
    `${titles.second} (this) against ${titles.first} (other): ${count(queries)} queries of ${count(classes)} classes`,
    table(head, cells),
    'Paired over the same queries: bootstrap intervals, sign-flip permutation p; not corrected for many scores.',
  ].join('\n');
}

const pValue = (p: number): string => (p < 0.001 ? '<0.001' : p.toFixed(3));
