import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client } from '#shared/contract/index.ts';
import type { Evaluation } from '#shared/domain/evaluation.ts';
import type { SplitSummary } from '#shared/domain/split.ts';
import { importFolder } from '../commands/import.ts';
import { mine } from '../commands/mine.ts';
import { followRun, type TrainOutcome } from '../commands/train.ts';
import { evaluate } from '../evaluations/evaluate.ts';
import { exportFiles } from '../exports/export-files.ts';
import { count, interval, plural } from '../output/numbers.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { Session } from '../session.ts';
import { emojiFolder, emojiLicences } from './emoji-folder.ts';
import { Stages } from './stages.ts';
import { worstQueries, type WorstQuery } from './worst-queries.ts';

const TITLES = [
  'Drawing the demo dataset: emoji by six vendors',
  'Importing it as a folder of images',
  'Looking for duplicates',
  'Splitting by class: half of the classes are never trained on',
  'Scoring the backbone as it comes (zero-shot)',
  'Training SoftTriple',
  'Scoring the trained embedding on the unseen classes',
  'Mining hard triplets over the whole training part',
  'Looking up the neighbours of the worst queries',
  'Writing the report',
] as const;

export interface DemoOptions {
  readonly seed: number;
  readonly steps: number | undefined;
  readonly out: string | undefined;
}

export interface DemoOutcome {
  readonly datasetId: string;
  readonly splitId: string;
  readonly run: TrainOutcome;
  readonly zeroShot: Evaluation;
  readonly trained: Evaluation;
  readonly duplicates: { readonly exactGroups: number; readonly nearGroups: number };
  readonly mined: { readonly refreshId: string | null; readonly triplets: number };
  readonly worst: readonly WorstQuery[];
  readonly report: string;
  readonly seconds: number;
}

/** The demo's split: the one of an earlier demo while the dataset is as it was. */
async function demoSplit(client: Client, dataset: string): Promise<SplitSummary> {
  const wanted = { kind: 'class-disjoint', seed: 0, name: 'demo' } as const;
  const known = await client.splits.list({ dataset });
  const same = known.find(
    ({ kind, seed, name, stale }) =>
      !stale && kind === wanted.kind && seed === wanted.seed && name === wanted.name,
  );
  return same ?? client.splits.create({ ...wanted, dataset, testShare: 0.5 });
}

async function train(
  session: Session,
  dataset: string,
  split: string,
  { seed, steps }: DemoOptions,
): Promise<TrainOutcome> {
  const client = await session.client();
  const { runId, jobId } = await client.runs.start({
    dataset,
    split,
    name: 'SoftTriple demo',
    preset: 'demo',
    settings: { seed, ...(steps === undefined ? {} : { steps }) },
  });
  return followRun(session, runId, jobId);
}

const recallAt1 = ({ scores }: Evaluation): string => {
  const found = scores['recall@1'];
  return found ? `R@1 ${interval(found)}` : 'no R@1';
};

/** The main job on the demo dataset, through the same calls as any other dataset. */
export async function runDemo(session: Session, options: DemoOptions): Promise<DemoOutcome> {
  // Said now: the report is written at the end.
  if (options.out !== undefined && !existsSync(path.dirname(path.resolve(options.out))))
    throw new UserError(
      'not-found',
      `There is no folder ${path.dirname(path.resolve(options.out))} to write the report in. Make it first.`,
    );
  const connection = await session.connection();
  const { client } = connection;
  const home = path.join(connection.libraryPath, 'demo');
  const stages = new Stages(session, TITLES);

  const folder = await stages.run(
    () => emojiFolder(session, home),
    (at) => at,
  );
  const licence = await emojiLicences(folder);
  const imported = await stages.run(
    () => importFolder(session, { path: folder, name: 'Emoji', licence }),
    ({ images, classes }) => `${plural(images, 'image')} in ${plural(classes, 'class', 'classes')}`,
  );
  const dataset = imported.datasetId;
  const { exactGroups, nearGroups } = await stages.run(
    () => client.datasets.duplicates({ dataset, limit: 1 }),
    (found) =>
      `${plural(found.exactGroups, 'group')} of exact copies, ${count(found.nearGroups)} of near copies`,
  );
  const split = await stages.run(
    () => demoSplit(client, dataset),
    ({ train: a, test: b }) => `${count(a.classes)} classes to train on, ${count(b.classes)} to test on`,
  );
  const zeroShot = await stages.run(
    () => evaluate(session, { kind: 'zero-shot', dataset, split: split.id, size: 128 }),
    recallAt1,
  );
  const run = await stages.run(
    () => train(session, dataset, split.id, options),
    ({ steps, epochs }) => `${count(steps)} steps, ${epochs.toFixed(1)} epochs`,
  );
  const trained = await stages.run(() => evaluate(session, { kind: 'run', run: run.runId }), recallAt1);
  const mined = await stages.run(
    () => mine(session, { kind: 'run', run: run.runId }),
    ({ triplets }) => plural(triplets, 'triplet'),
  );
  const worst = await stages.run(
    () => worstQueries(client, trained.id),
    (rows) => plural(rows.length, 'query', 'queries'),
  );
  const out = path.resolve(options.out ?? path.join(home, 'report.html'));
  const [report = out] = await stages.run(
    () => exportFiles(session, { what: 'report', source: run.runId, format: 'html', out, overwrite: true }),
    ([file = out]) => pathToFileURL(file).href,
  );
  return {
    datasetId: dataset,
    splitId: split.id,
    run,
    zeroShot,
    trained,
    duplicates: { exactGroups, nearGroups },
    mined: { refreshId: mined.refreshId, triplets: mined.triplets },
    worst,
    report,
    seconds: stages.secondsSoFar,
  };
}
