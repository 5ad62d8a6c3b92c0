import { pathToFileURL } from 'node:url';
import { interval, plural, seconds } from '../output/numbers.ts';
import { columns, table } from '../output/table.ts';
import type { DemoOutcome } from './run-demo.ts';

const SCORES = ['recall@1', 'recall@2', 'recall@4', 'recall@8', 'map@r', 'r-precision'];

/** The demo's final report on the terminal. */
export function describeDemo(outcome: DemoOutcome): string {
  const { zeroShot, trained, worst } = outcome;
  const rows = SCORES.map((key) => {
    const [before, after] = [zeroShot.scores[key], trained.scores[key]];
    return [key, before ? interval(before) : '', after ? interval(after) : ''];
  });
  const lines = ['', table(['unseen classes', 'before (zero-shot)', 'after (SoftTriple)'], rows)];
  const difference = trained.zeroShot?.differenceRecallAt1;
  if (difference) lines.push(`difference in recall@1 over the same queries: ${interval(difference)}`);
  lines.push(
    '95 % intervals over queries; one training, one seed.',
    '',
    'Worst queries: class, then the classes of the nearest images',
  );
  lines.push(
    columns(
      worst.map((query) => [
        `  ${query.class}`,
        query.neighbors
          .map(
            (neighbor) =>
              `${neighbor.class} ${neighbor.distance.toFixed(2)}${neighbor.hit === true ? ' (hit)' : ''}`,
          )
          .join(', '),
      ]),
    ),
    '',
    `${plural(outcome.mined.triplets, 'hard triplet')} mined; everything in ${seconds(outcome.seconds)}.`,
    `Report with pictures: ${pathToFileURL(outcome.report).href}`,
  );
  return lines.join('\n');
}
