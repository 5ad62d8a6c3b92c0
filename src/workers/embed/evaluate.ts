import { ContentStore } from '#catalog/content-store.ts';
import { bootstrapMeans, pairedDifference } from '#learn/metrics/bootstrap.ts';
import { ClassMembers } from '#learn/miners/class-members.ts';
import { VectorSpace } from '#learn/space/vector-space.ts';
import { ExactIndex } from '#search/exact.ts';
import type { Score } from '#shared/domain/evaluation.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { EvaluateResult, EvaluateTask } from '#shared/worker/embed.ts';
import { openBackend } from '../backend/open-backend.ts';
import { nextTurn } from '../host/next-turn.ts';
import type { WorkerContext } from '../host/worker-context.ts';
import { agreementScores, unitTable } from './agreement-scores.ts';
import { type EvaluatedVectors, readEvaluated } from './evaluated-vectors.ts';
import { withHash } from './protocol-hash.ts';
import { readBaseline, writeQueryFile } from './query-file.ts';
import { type QueryScores, scoreQueries } from './score-queries.ts';

/** Task `evaluate`: every row with a positive is a query against all others; scores with intervals, per-query file. */
export async function evaluate(
  task: EvaluateTask,
  context: WorkerContext<'evaluate'>,
): Promise<EvaluateResult> {
  const started = performance.now();
  const { signal } = context;
  const store = new ContentStore(context.places.libraryPath);
  const input = await readEvaluated(task.input, context.places.libraryPath);
  const members = new ClassMembers(input.labels);
  refuseUnscorable(input, members);
  const space = new VectorSpace(input.table, input.metric);
  await openBackend(task.backend);
  const queries = await searchAll(space, members, task.keep, context);
  const { bootstrapSamples: samples, bootstrapSeed: seed } = task.protocol;

  const phase = 'Clustering for NMI';
  context.progress({ phase, done: 0, total: null, unit: 'steps' });
  let steps = 0;
  const table = input.metric === 'cosine' ? unitTable(input.table) : input.table;
  const agreement = await agreementScores(table, input.labels, members.classes, {
    seed,
    samples,
    signal,
    onBlock: async () => {
      context.progress({ phase, done: ++steps, total: null, unit: 'steps' });
      await nextTurn(signal);
    },
  });
  const classes = queries.rows.map((row) => input.labels[row]!);
  const means = bootstrapMeans(columnsOf(queries), { samples, seed, classes });
  return {
    protocol: withHash({
      ...task.protocol,
      dim: space.dim,
      metric: input.metric,
      selfExclusion: 'by identity',
    }),
    scores: { ...means, ...agreement },
    queries: queries.rows.length,
    classes: members.classes,
    excludedQueries: space.rows - queries.rows.length,
    differenceRecallAt1: await difference(task, queries, classes, store, context),
    file: await writeQueryFile(store, queries),
    seconds: (performance.now() - started) / 1000,
  };
}

async function searchAll(
  space: VectorSpace,
  members: ClassMembers,
  keep: number,
  context: WorkerContext,
): Promise<QueryScores> {
  const phase = 'Searching neighbours';
  context.progress({ phase, done: 0, total: space.rows, unit: 'queries' });
  const index = await ExactIndex.build(space);
  try {
    return await scoreQueries(index, members, {
      keep,
      signal: context.signal,
      onBlock: async (done, total) => {
        context.progress({ phase, done, total, unit: 'queries' });
        await nextTurn(context.signal);
      },
    });
  } finally {
    index.dispose();
  }
}

function columnsOf(queries: QueryScores): Record<string, Float32Array> {
  return {
    'recall@1': queries.recall[1],
    'recall@2': queries.recall[2],
    'recall@4': queries.recall[4],
    'recall@8': queries.recall[8],
    'map@r': queries.averagePrecisionAtR,
    'r-precision': queries.rPrecision,
  };
}

async function difference(
  task: EvaluateTask,
  queries: QueryScores,
  classes: Int32Array,
  store: ContentStore,
  context: WorkerContext,
): Promise<Score | null> {
  if (task.baseline === null) return null;
  const baseline = await readBaseline(store.get(task.baseline), queries.rows);
  if (baseline === null) {
    context.log('warn', 'The zero-shot evaluation asked other queries, so no paired difference is given.');
    return null;
  }
  const { bootstrapSamples: samples, bootstrapSeed: seed } = task.protocol;
  return pairedDifference(baseline, queries.recall[1], { samples, seed, classes });
}

function refuseUnscorable({ table }: EvaluatedVectors, members: ClassMembers): void {
  if (table.rows < 2)
    throw new UserError('bad-input', 'There is one image only. At least two are needed to search.');
  if (members.classes === table.rows) {
    throw new UserError(
      'bad-input',
      'No class has two images, so no query can have a hit. Add images, or check the labels.',
    );
  }
  if (members.classes === 1) {
    throw new UserError(
      'bad-input',
      'All images have the same class, so every neighbour would be a hit. Check the labels.',
    );
  }
}
