import type { Comparison, Evaluation, ScoreDifference } from '../../../shared/domain/evaluation.ts';
import { type ScoreGroup, compareKeys, scoreTitle } from './score-titles.ts';

/** Below this a difference is called significant. */
const LEVEL = 0.05;

export interface PairedRow {
  readonly key: string;
  readonly title: string;
  readonly group: ScoreGroup;
  readonly mine: number | null;
  readonly theirs: number | null;
  /** Mine minus theirs, tested; null for scores that are no means of queries. */
  readonly test: Pick<ScoreDifference, 'difference' | 'p' | 'classP'> | null;
}

/** All scores of two evaluations beside each other, with the test of those that have one. */
export function pairedRows(
  mine: Evaluation | undefined,
  theirs: Evaluation | undefined,
  comparison: Comparison | undefined,
): PairedRow[] {
  const keys = new Set([...Object.keys(mine?.scores ?? {}), ...Object.keys(theirs?.scores ?? {})]);
  return [...keys].sort(compareKeys).map((key) => {
    const { title, group } = scoreTitle(key);
    const test = comparison?.rows.find((row) => row.key === key) ?? null;
    return {
      key,
      title,
      group,
      mine: mine?.scores[key]?.value ?? null,
      theirs: theirs?.scores[key]?.value ?? null,
      test,
    };
  });
}

/** What a test says, in two words. */
export function verdictOf({ p, classP }: Pick<ScoreDifference, 'p' | 'classP'>): {
  readonly text: string;
  readonly clear: boolean;
} {
  if (p >= LEVEL) return { text: 'not told apart', clear: false };
  if (classP !== null && classP >= LEVEL) return { text: 'these classes only', clear: false };
  return { text: 'significant', clear: true };
}

/** 0.0321 as 0.032; what is smaller than the test can tell as < 0.001. */
export const formatP = (p: number): string => (p < 0.001 ? '< 0.001' : p.toFixed(3));
