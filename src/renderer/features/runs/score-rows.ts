import type { Evaluation } from '../../../shared/domain/evaluation.ts';
import { formatNumber } from '../../ui/format.ts';

interface Score {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly classLow?: number | undefined;
  readonly classHigh?: number | undefined;
}
export interface ScoreRow {
  readonly key: string;
  readonly title: string;
  readonly score: Score;
  readonly before: Score | null;
  /** After minus before; with its interval where the engine paired the queries. */
  readonly difference: { readonly value: number; readonly interval: Score | null } | null;
}

const TITLES: Readonly<Record<string, string>> = {
  'recall@1': 'R@1',
  'recall@2': 'R@2',
  'recall@4': 'R@4',
  'recall@8': 'R@8',
  'map@r': 'MAP@R',
  'r-precision': 'R-precision',
  nmi: 'NMI',
  ami: 'AMI',
};

/** The scores in the order of the papers; a measure that the list does not know comes last under its own name. */
export function scoreRows(evaluation: Evaluation): ScoreRow[] {
  const known = Object.keys(TITLES).filter((key) => key in evaluation.scores);
  const other = Object.keys(evaluation.scores).filter((key) => !(key in TITLES));
  return [...known, ...other].flatMap((key) => {
    const score = evaluation.scores[key];
    if (score === undefined) return [];
    const before = evaluation.zeroShot?.scores[key] ?? null;
    const interval = key === 'recall@1' ? (evaluation.zeroShot?.differenceRecallAt1 ?? null) : null;
    const difference =
      before === null ? null : { value: interval?.value ?? score.value - before.value, interval };
    return [{ key, title: TITLES[key] ?? key, score, before, difference }];
  });
}

/** What both intervals of a score mean, or undefined where it has the one over queries only. */
export function intervalSentence({ classLow, classHigh }: Score): string | undefined {
  if (classLow === undefined || classHigh === undefined) return undefined;
  return `Over queries. Over classes: ${formatNumber(classLow)} – ${formatNumber(classHigh)}.`;
}

/** What a paired interval says about a difference. */
export function differenceSentence(difference: Score): string {
  if (difference.low > 0) return 'Better than zero-shot: the paired 95 % interval is clear of zero.';
  if (difference.high < 0) return 'Worse than zero-shot: the paired 95 % interval is clear of zero.';
  return 'Not told apart from zero-shot: the paired 95 % interval holds zero.';
}
