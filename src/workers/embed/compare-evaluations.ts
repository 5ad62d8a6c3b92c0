import { ContentStore } from '#catalog/content-store.ts';
import { SafetensorsFile } from '#formats/safetensors.ts';
import { pairedTests } from '#learn/metrics/paired-test.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { CompareResult, CompareTask } from '#shared/worker/embed.ts';
import type { WorkerContext } from '../host/worker-context.ts';
import { queryColumns } from './query-columns.ts';

interface Scored {
  readonly rows: Int32Array;
  readonly labels: Int32Array;
  readonly columns: Readonly<Record<string, Float32Array>>;
}

/** Task `compare`: second minus first over the same queries, with intervals and p values. Of means of queries only. */
export async function compareEvaluations(
  task: CompareTask,
  context: WorkerContext<'compare'>,
): Promise<CompareResult> {
  const store = new ContentStore(context.places.libraryPath);
  const first = await readScored(store.get(task.first), task.recallAt);
  const second = await readScored(store.get(task.second), task.recallAt);
  const same =
    first.rows.length === second.rows.length && first.rows.every((row, query) => row === second.rows[query]);
  if (!same)
    throw new UserError(
      'conflict',
      'The two evaluations asked different queries, so they cannot be paired. Evaluate both runs on the same part.',
    );
  const { samples, seed } = task;
  const tests = pairedTests(first.columns, second.columns, { samples, seed, classes: first.labels });
  return {
    queries: first.rows.length,
    classes: new Set(first.labels).size,
    rows: Object.entries(tests).map(([key, test]) => ({
      key,
      first: mean(first.columns[key]!),
      second: mean(second.columns[key]!),
      ...test,
    })),
  };
}

async function readScored(path: string, recallAt: readonly number[]): Promise<Scored> {
  const file = await SafetensorsFile.open(path);
  try {
    const [rows, labels, rank] = await Promise.all([
      file.read('queryRows'),
      file.read('labels'),
      file.read('rank'),
    ]);
    const [averagePrecisionAtR, rPrecision, knnHit, centroidHit] = await Promise.all([
      file.read('averagePrecisionAtR'),
      file.read('rPrecision'),
      file.read('knnHit'),
      file.read('centroidHit'),
    ]);
    return {
      rows: rows as Int32Array,
      labels: labels as Int32Array,
      columns: queryColumns(
        {
          rank: rank as Int32Array,
          averagePrecisionAtR: averagePrecisionAtR as Float32Array,
          rPrecision: rPrecision as Float32Array,
          knnHit: knnHit as Float32Array,
        },
        centroidHit as Float32Array,
        recallAt,
      ),
    };
  } finally {
    await file.close();
  }
}

const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
