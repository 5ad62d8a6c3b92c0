import type { RunRequest } from '#shared/domain/run.ts';
import type { RunRecord } from '#catalog/repositories/runs.ts';
import type { SplitRecord } from '#catalog/repositories/splits.ts';
import type { z } from 'zod';
import type { CheckedRequest } from './run-options.ts';
import type { ServiceContext } from './service-context.ts';

/** A request that was checked and found right. */
export interface ReadyRun {
  readonly request: z.output<typeof RunRequest>;
  readonly checked: CheckedRequest & { readonly config: Readonly<Record<string, unknown>> };
  readonly split: SplitRecord;
  /** Where the run is a trial of a search. */
  readonly trial?: { readonly sweep: string; readonly values: Readonly<Record<string, unknown>> };
}

/** Writes the run and its job; the caller has the transaction and tells of it. */
export function startRun(
  context: ServiceContext,
  { request, checked, split, trial }: ReadyRun,
): { run: RunRecord; jobId: string } {
  const { datasets, runs, queue, jobs, now } = context;
  const dataset = datasets.require(request.dataset);
  const { config, steps, warnings } = checked;
  const run = runs.insert({
    dataset: dataset.key,
    datasetRevision: split.dataset_revision,
    split: split.id,
    name: request.name ?? `${request.preset ?? request.method} on ${dataset.name}`,
    method: request.method,
    backend: request.backend,
    config: {
      ...config,
      splitHash: Buffer.from(split.hash).toString('hex'),
      backend: request.backend,
      ...(checked.startsFrom.kind !== 'shipped' && { startsFrom: checked.startsFrom }),
      ...(request.preset && { preset: request.preset }),
    },
    steps: steps ?? 0,
    epochs: typeof config['epochs'] === 'number' ? config['epochs'] : 0,
    at: now(),
    ...(trial && { sweep: trial.sweep, trial: JSON.stringify(trial.values) }),
  });
  const job = queue.enqueue({
    kind: 'train',
    title: `Train ${run.name}`,
    subject: run.id,
    request: { runId: run.id },
  });
  runs.update(run.id, { job: job.id });
  jobs.appendLog(
    job.id,
    warnings.map((message) => ({ at: now(), level: 'warn' as const, message })),
  );
  return { run, jobId: job.id };
}
