import { formatFigure } from '../../charts/format.ts';
import type { Evaluation, Score } from '../../../shared/domain/evaluation.ts';
import { formatNumber } from '../../ui/format.ts';
import { SCORE_GROUPS, type ScoreGroup, compareKeys, scoreTitle } from './score-titles.ts';

export interface ScoreRow {
  readonly key: string;
  readonly title: string;
  readonly group: ScoreGroup;
  /** What the score is, and where a threshold comes from. */
  readonly meaning: string | undefined;
  readonly score: Score;
  readonly before: Score | null;
  /** After minus before; with its interval where the engine paired the queries. */
  readonly difference: { readonly value: number; readonly interval: Score | null } | null;
}

/** The scores in the order of the papers; a measure that the list does not know comes last under its own name. */
export function scoreRows(evaluation: Evaluation): ScoreRow[] {
  return Object.keys(evaluation.scores)
    .sort(compareKeys)
    .flatMap((key) => {
      const score = evaluation.scores[key];
      if (score === undefined) return [];
      const { title, group, meaning } = scoreTitle(key);
      const before = evaluation.zeroShot?.scores[key] ?? null;
      const interval = key === 'recall@1' ? (evaluation.zeroShot?.differenceRecallAt1 ?? null) : null;
      const difference =
        before === null ? null : { value: interval?.value ?? score.value - before.value, interval };
      const said = [meaning, operatingSentence(score)].filter((part) => part !== undefined).join('. ');
      return [{ key, title, group, meaning: said || undefined, score, before, difference }];
    });
}

/** Rows under the headings that have any. */
export function groupedRows<Row extends { readonly group: ScoreGroup }>(
  rows: readonly Row[],
): { readonly group: ScoreGroup; readonly rows: readonly Row[] }[] {
  return SCORE_GROUPS.map((group) => ({ group, rows: rows.filter((row) => row.group === group) })).filter(
    ({ rows: own }) => own.length > 0,
  );
}

/** Where the threshold of a verification score comes from; undefined for every other score. */
export function operatingSentence({ operating }: Score): string | undefined {
  if (operating === undefined) return undefined;
  const { threshold, chosenOn, fmr } = operating;
  return `A match is nearer than ${formatNumber(threshold)}, chosen on the ${chosenOn} pairs; FMR here ${formatFigure(fmr, 3)}`;
}

/** On which pairs the thresholds of verification were chosen; undefined where nothing was verified. */
export function thresholdsSentence(rows: readonly ScoreRow[]): string | undefined {
  const parts = Map.groupBy(
    rows.filter(({ score }) => score.operating !== undefined),
    ({ score }) => score.operating!.chosenOn,
  );
  if (parts.size === 0) return undefined;
  const [first = '', ...others] = parts.keys();
  const rest = others.map(
    (part) =>
      `of ${parts
        .get(part)!
        .map(({ title }) => title)
        .join(', ')} on the ${part} pairs`,
  );
  return `Lower FNMR is better. Thresholds were chosen on the ${[`${first} pairs`, ...rest].join('; ')}.`;
}

/** What a paired interval says about a difference. */
export function differenceSentence(difference: Score): string {
  if (difference.low > 0) return 'Better than zero-shot: the paired 95 % interval is clear of zero.';
  if (difference.high < 0) return 'Worse than zero-shot: the paired 95 % interval is clear of zero.';
  return 'Not told apart from zero-shot: the paired 95 % interval holds zero.';
}
