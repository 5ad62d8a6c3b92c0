import type { Evaluation, PublishedRow, Score } from '#shared/domain/evaluation.ts';
import { count, interval, score } from '../output/numbers.ts';
import { table } from '../output/table.ts';

const ORDER = [
  'precision@1',
  'mrr',
  'map@r',
  'r-precision',
  'macro-precision@1',
  'knn@5',
  'macro-knn@5',
  'centroid',
  'macro-centroid',
  'accuracy@1',
  'macro-accuracy',
  'nmi',
  'nmi-geometric',
  'ami',
  'pair-f1',
];

/** Recall by rank, then the list above, then the rest. */
function place(key: string): number {
  if (key.startsWith('recall@')) return Number(key.slice('recall@'.length)) - 1e9;
  const at = ORDER.indexOf(key);
  return at < 0 ? ORDER.length : at;
}

export function describeEvaluation(evaluation: Evaluation): string {
  const { scores, zeroShot, protocol } = evaluation;
  const entries = Object.entries(scores).sort(([a], [b]) => place(a) - place(b));
  const rows = entries.map(([key, own]) => {
    const before = zeroShot?.scores[key];
    return [key, interval(own), overClasses(own), ...(zeroShot ? [before ? interval(before) : ''] : [])];
  });
  const head = ['score', 'value (95 % over queries)', 'over classes', ...(zeroShot ? ['zero-shot'] : [])];
  const lines = [
    `${evaluation.title ?? 'Vectors from files'}: ${count(evaluation.queries)} queries, ${count(evaluation.classes)} classes, ${count(evaluation.excludedQueries)} left out`,
    table(head, rows),
    ...entries.flatMap(([key, own]) => operatingLine(key, own)),
  ];
  if (zeroShot)
    lines.push(`difference in recall@1 over the same queries: ${interval(zeroShot.differenceRecallAt1)}`);
  if (evaluation.seenClasses)
    lines.push('These classes were trained on: the scores say nothing about unseen classes.');
  if (evaluation.stale) lines.push('The dataset has changed since.');
  if (protocol.gallery !== undefined) lines.push(`searched in: ${protocol.gallery}`);
  lines.push(`protocol ${protocol.hash.slice(0, 12)}`);
  return lines.join('\n');
}

/** What papers print for the dataset, clearly apart from what was measured here. */
export function describePublished(dataset: string, rows: readonly PublishedRow[]): string {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row.scores)))];
  const cells = rows.map(({ method, dim, backbone, scores }) => [
    [method, backbone].filter((part) => part !== null).join(', '),
    dim === null ? '' : String(dim),
    ...keys.map((key) => (scores[key] === undefined ? '' : score(scores[key]))),
  ]);
  return `published for ${dataset} (from the papers, not measured here)\n${table(['method', 'dim', ...keys], cells)}`;
}

function overClasses({ classLow, classHigh }: Score): string {
  return classLow === undefined || classHigh === undefined ? '' : `${score(classLow)} to ${score(classHigh)}`;
}

function operatingLine(key: string, { operating }: Score): string[] {
  if (operating === undefined) return [];
  const { threshold, chosenOn, fmr } = operating;
  return [
    `${key}: a match below distance ${threshold.toFixed(4)}, chosen on the ${chosenOn} pairs; FMR here ${fmr.toPrecision(3)}`,
  ];
}
