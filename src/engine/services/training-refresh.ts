import type { RunRecord } from '#catalog/repositories/runs.ts';
import type { TrainEvent } from '#shared/worker/train.ts';
import type { ServiceContext } from './service-context.ts';

/** Refreshes of a training run that are kept; those with verdicts stay beyond it. */
const KEPT = 20;

/** Keeps what a run mined while it trained, as `mine` keeps what it mines, and lets the oldest go. */
export function keepTrainingRefresh(
  context: ServiceContext,
  run: RunRecord,
  event: Extract<TrainEvent, { kind: 'refresh' }>,
): void {
  const { refreshes, splits, datasets, catalog, now } = context;
  const split = splits.require(run.split);
  const { kind: _kind, ...mined } = event;
  const refresh = {
    ...mined,
    histogram: { ...mined.histogram, counts: [...mined.histogram.counts] },
    dataset: split.dataset,
    datasetRevision: split.dataset_revision,
    embedding: null,
    run: run.id,
    title: `${run.name}, before step ${String(event.step + 1)}, ${event.rule}`,
    part: 'train',
    at: now(),
  };
  const gone = catalog.write(() => {
    // A run that goes on from a checkpoint mines the same again.
    if (refreshes.findEqual(refresh, 0) === undefined) refreshes.insert(refresh);
    return refreshes.trimOfTraining(run.id, KEPT);
  });
  context.sweep(gone);
  context.tell(['triplets'], datasets.byKey(split.dataset).id);
}
