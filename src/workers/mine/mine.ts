import { ContentStore } from '#catalog/content-store.ts';
import { mineTriplets } from '#learn/miners/smart.ts';
import { VectorSpace } from '#learn/space/vector-space.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { MineResult, MineTask } from '#shared/worker/mine.ts';
import { openBackend } from '../backend/open-backend.ts';
import { readEvaluated } from '../embed/evaluated-vectors.ts';
import { nextTurn } from '../host/next-turn.ts';
import type { WorkerContext } from '../host/worker-context.ts';
import { activeShare, hardestFirst, histogramOfViolations } from './hardness.ts';
import { storeTriplets } from './store-triplets.ts';
import { writeRows } from './write-rows.ts';

const PHASE = 'Mining triplets';

/** Task `mine`: whole-set mining of an embedding or of files, hardest first. */
export async function mine(task: MineTask, context: WorkerContext<'mine'>): Promise<MineResult> {
  const started = performance.now();
  const { signal, places } = context;
  if (task.out !== null && !/\.(csv|json)$/i.test(task.out)) {
    throw new UserError(
      'bad-input',
      `${task.out} ends in neither .csv nor .json. Name one of them, so that the format is clear.`,
    );
  }
  const { table, labels, ids, metric } = await readEvaluated(task.input, places.libraryPath);
  const space = new VectorSpace(table, metric);
  await openBackend('auto');
  context.progress({ phase: PHASE, done: 0, total: space.rows, unit: 'anchors' });
  const mined = await mineTriplets(space, labels, {
    rule: task.rule,
    margin: task.margin,
    signal,
    onProgress: async (done, total) => {
      context.progress({ phase: PHASE, done, total, unit: 'anchors' });
      await nextTurn(signal);
    },
  });
  const order = hardestFirst(mined).subarray(0, task.limit ?? mined.count);
  const out = task.out === null ? null : await writeRows(task.out, task.overwrite, mined, order, ids);
  return {
    file: await storeTriplets(new ContentStore(places.libraryPath), mined, order, ids),
    out,
    triplets: order.length,
    anchorsWithout: mined.anchorsWithout,
    recallOfIndex: 1,
    activeShare: activeShare(mined, task.margin),
    histogram: histogramOfViolations(mined),
    seconds: (performance.now() - started) / 1000,
  };
}
