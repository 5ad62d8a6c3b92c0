import type { Evaluation } from '#shared/domain/evaluation.ts';
import { count, interval } from '../output/numbers.ts';
import { table } from '../output/table.ts';

const ORDER = ['recall@1', 'recall@2', 'recall@4', 'recall@8', 'map@r', 'r-precision', 'nmi', 'ami'];

function rank(key: string): number {
  const at = ORDER.indexOf(key);
  return at < 0 ? ORDER.length : at;
}

export function describeEvaluation(evaluation: Evaluation): string {
  const { scores, zeroShot, protocol } = evaluation;
  const keys = Object.keys(scores).sort((a, b) => rank(a) - rank(b));
  const rows = keys.map((key) => {
    const own = scores[key];
    const before = zeroShot?.scores[key];
    return [key, own ? interval(own) : '', ...(zeroShot ? [before ? interval(before) : ''] : [])];
  });
  const lines = [
    `${evaluation.title}: ${count(evaluation.queries)} queries, ${count(evaluation.classes)} classes, ${count(evaluation.excludedQueries)} left out`,
    table(['score', 'value (95 % interval)', ...(zeroShot ? ['zero-shot'] : [])], rows),
  ];
  if (zeroShot)
    lines.push(`difference in recall@1 over the same queries: ${interval(zeroShot.differenceRecallAt1)}`);
  if (evaluation.seenClasses)
    lines.push('These classes were trained on: the scores say nothing about unseen classes.');
  if (evaluation.stale) lines.push('The dataset has changed since.');
  lines.push(`protocol ${protocol.hash.slice(0, 12)}`);
  return lines.join('\n');
}
