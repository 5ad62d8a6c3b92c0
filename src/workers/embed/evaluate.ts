import { ContentStore } from '#catalog/content-store.ts';
import { bootstrapMacro, bootstrapMeans, pairedDifference } from '#learn/metrics/bootstrap.ts';
import { centroidHits } from '#learn/metrics/centroid-hits.ts';
import { ExactIndex } from '#search/exact.ts';
import type { Score } from '#shared/domain/evaluation.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { EvaluateResult, EvaluateTask } from '#shared/worker/embed.ts';
import { openBackend } from '../backend/open-backend.ts';
import { nextTurn } from '../host/next-turn.ts';
import type { WorkerContext } from '../host/worker-context.ts';
import { agreementScores, unitTable } from './agreement-scores.ts';
import { classifierScores } from './classifier-scores.ts';
import { readEvaluated } from './evaluated-vectors.ts';
import { withHash } from './protocol-hash.ts';
import { MACRO, queryColumns } from './query-columns.ts';
import { readBaseline, writeQueryFile } from './query-file.ts';
import { type QueryScores, scoreQueries } from './score-queries.ts';
import { type SearchedSet, searchedSet } from './searched-set.ts';
import { verificationScores } from './verification-scores.ts';

/** Task `evaluate`: every row that can find its class is a query; scores with intervals, per-query file. */
export async function evaluate(
  task: EvaluateTask,
  context: WorkerContext<'evaluate'>,
): Promise<EvaluateResult> {
  const started = performance.now();
  const { signal } = context;
  const { libraryPath } = context.places;
  const store = new ContentStore(libraryPath);
  const input = await readEvaluated(task.input, libraryPath);
  const set = await searchedSet(input, task.gallery, libraryPath);
  const classCount = new Set(input.labels).size;
  refuseUnscorable(set, classCount);
  await openBackend(task.backend);
  const { queries, centroidHit } = await searchAll(set, task.keep, context);
  const { bootstrapSamples: samples, bootstrapSeed: seed, part } = task.protocol;

  const verification = await verificationScores(input, {
    libraryPath,
    thresholdsFrom: task.thresholdsFrom,
    part,
    seed,
    samples,
    signal,
    onBlock: inPhase(context, 'Comparing all pairs', 'images'),
  });
  const onStep = inPhase(context, 'Clustering for NMI', 'steps');
  let steps = 0;
  const table = input.metric === 'cosine' ? unitTable(input.table) : input.table;
  const { scores: agreement, clusters } = await agreementScores(table, input.labels, classCount, {
    seed,
    samples,
    signal,
    onBlock: () => onStep(++steps, null),
  });
  const labels = queries.rows.map((row) => set.queryLabels[row]!);
  const columns = queryColumns(queries, centroidHit, task.recallAt);
  const macro = MACRO.map(
    (name) => [`macro-${name}`, bootstrapMacro(columns[name]!, labels, { samples, seed })] as const,
  );
  const queryRows = queries.rows.map((row) => set.queryRows[row]!);
  return {
    protocol: withHash({
      ...task.protocol,
      dim: input.table.dim,
      metric: input.metric,
      selfExclusion: 'by identity',
    }),
    scores: {
      ...bootstrapMeans(columns, { samples, seed, classes: labels }),
      ...Object.fromEntries(macro),
      ...classifierScores(input, { samples, seed }),
      ...agreement,
      ...verification,
    },
    queries: queries.rows.length,
    classes: classCount,
    excludedQueries: set.queries.rows - queries.rows.length,
    differenceRecallAt1: await difference(task, queryRows, columns['precision@1']!, labels, store, context),
    file: await writeQueryFile(store, { queries, queryRows, labels, centroidHit, clusters, set }),
    seconds: (performance.now() - started) / 1000,
  };
}

async function searchAll(
  set: SearchedSet,
  keep: number,
  context: WorkerContext,
): Promise<{ queries: QueryScores; centroidHit: Float32Array }> {
  const index = await ExactIndex.build(set.gallery);
  try {
    const onBlock = inPhase(context, 'Searching neighbours', 'queries');
    await onBlock(0, set.queries.rows);
    const queries = await scoreQueries(index, set, { keep, signal: context.signal, onBlock });
    const centroidHit = await centroidHits(
      set.queries,
      set.queryLabels,
      queries.rows,
      set.gallery,
      set.members.labels,
      () => nextTurn(context.signal),
    );
    return { queries, centroidHit };
  } finally {
    index.dispose();
  }
}

/** Tells how far a phase is and lets other work of the process run. */
function inPhase(
  context: WorkerContext,
  phase: string,
  unit: string,
): (done: number, total: number | null) => Promise<void> {
  return async (done, total) => {
    context.progress({ phase, done, total, unit });
    await nextTurn(context.signal);
  };
}

async function difference(
  task: EvaluateTask,
  queryRows: Int32Array,
  recallAt1: Float32Array,
  classes: Int32Array,
  store: ContentStore,
  context: WorkerContext,
): Promise<Score | null> {
  if (task.baseline === null) return null;
  const baseline = await readBaseline(store.get(task.baseline), queryRows);
  if (baseline === null) {
    context.log('warn', 'The zero-shot evaluation asked other queries, so no paired difference is given.');
    return null;
  }
  const { bootstrapSamples: samples, bootstrapSeed: seed } = task.protocol;
  return pairedDifference(baseline, recallAt1, { samples, seed, classes });
}

function refuseUnscorable({ queries, queryLabels, gallery, members }: SearchedSet, classes: number): void {
  const isOne = queries === gallery;
  if (isOne && queries.rows < 2)
    throw new UserError('bad-input', 'There is one image only. At least two are needed to search.');
  if (isOne && members.classes === queries.rows) {
    throw new UserError(
      'bad-input',
      'No class has two images, so no query can have a hit. Add images, or check the labels.',
    );
  }
  if (!queryLabels.some((label) => members.of(label).length > 0)) {
    throw new UserError(
      'bad-input',
      'No class of the queries has an image in the gallery, so no query can have a hit. Choose another gallery.',
    );
  }
  if (classes === 1 || members.classes === 1) {
    throw new UserError(
      'bad-input',
      'All images have the same class, so every neighbour would be a hit. Check the labels.',
    );
  }
}
