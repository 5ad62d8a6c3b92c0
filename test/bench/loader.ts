import { join } from 'node:path';
import process from 'node:process';
import { makeDemo } from '#datasets/demo/make-demo.ts';
import { connectOrStart } from '#engine/process/connect.ts';
import type { Client } from '#shared/contract/index.ts';
import type { RunPoint } from '#shared/domain/run.ts';
import { type BenchContext, type BenchRow, row } from './bench.ts';

const BATCH = 32;
const STEPS = 80;
/** Steps until the loader's first batches are there. */
const FIRST = 8;
const BUDGET_PERCENT = 5;

/** How long the trainer waits for images in a real run on the demo's drawings: import, split, train. */
export async function measureLoader({ folder, log }: BenchContext): Promise<BenchRow> {
  const source = join(folder, 'loader-images');
  await makeDemo({ folder: source, maxClasses: 300 });
  const { client, closed } = await connectOrStart({
    libraryPath: join(folder, 'loader'),
    clientName: 'bench',
    env: { ...process.env, PLUMAGE_NODE: process.execPath },
  });
  try {
    const imported = await client.datasets.import({ path: source });
    await ended(client, imported.jobId);
    const dataset = imported.datasetId;
    const split = await client.splits.create({ dataset, testShare: 0.1, validationShare: 0 });
    const settings = {
      centersPerClass: 2,
      batch: BATCH,
      size: 128,
      steps: STEPS,
      epochs: 1000,
      validateEveryEpochs: 0,
      checkpointEverySteps: 0,
    };
    const { runId, jobId } = await client.runs.start({ dataset, split: split.id, settings });
    await ended(client, jobId);
    const points = await client.runs.points({ run: runId });
    const percent = 100 * waitingShare(points);
    log(`trainer waits for images ${percent.toFixed(2)} % of its time over ${String(STEPS - FIRST)} steps`);
    return row('trainer waits for images', '%', percent, BUDGET_PERCENT, 'budget', 1);
  } finally {
    await client.system.shutdown({ force: true });
    await closed;
  }
}

function waitingShare(points: readonly RunPoint[]): number {
  let waited = 0;
  let all = 0;
  for (const { step, values } of points) {
    const { imagesPerSecond, loaderWaitShare } = values;
    if (step <= FIRST || imagesPerSecond === undefined || loaderWaitShare === undefined) continue;
    waited += loaderWaitShare * (BATCH / imagesPerSecond);
    all += BATCH / imagesPerSecond;
  }
  if (all === 0) throw new Error('The training run left no measures of its steps.');
  return waited / all;
}

async function ended(client: Client, jobId: string): Promise<void> {
  for await (const { value } of client.jobs.watch({ jobId })) {
    if (value.status === 'done') return;
    if (value.status === 'failed' || value.status === 'cancelled')
      throw new Error(value.error?.message ?? `A job of the bench was ${value.status}.`);
  }
  throw new Error('The engine of the bench ended before its job.');
}
