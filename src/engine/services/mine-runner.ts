import type { MiningRule, Refresh } from '#shared/domain/triplet.ts';
import type { MineResult } from '#shared/worker/mine.ts';
import type { JobContext, JobRunner } from '../jobs/job-runner.ts';
import { minedTable } from './export/mined-table.ts';
import { writeTable } from './export/write-table.ts';
import { embedPart } from './embed-part.ts';
import { modelOfRun } from './model-source.ts';
import type { ServiceContext } from './service-context.ts';

interface MiningWish {
  readonly rule: MiningRule;
  readonly margin: number;
  readonly limit: number | null;
  readonly out: string | null;
  readonly overwrite: boolean;
}

export type MineRequest = MiningWish &
  (
    | {
        readonly kind: 'run';
        readonly runId: string;
        readonly checkpoint: 'best' | 'last';
        readonly part: string;
        readonly backend: string;
      }
    | {
        readonly kind: 'files';
        readonly embeddings: string;
        readonly labels: string;
        readonly metric: 'cosine' | 'euclidean';
      }
  );

/** Mines a whole part and keeps the result as a refresh; arrays of other programs give a file only. */
export class MineRunner implements JobRunner {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  async run(
    request: unknown,
    job: JobContext,
  ): Promise<(Refresh & { file: string | null; out: string | null }) | MineResult> {
    const wish = request as MineRequest;
    const { rule, margin, limit, out, overwrite } = wish;
    if (wish.kind === 'files') {
      const { kind, embeddings, labels, metric } = wish;
      const input = { kind, embeddings, labels, metric };
      return job.task('mine', { input, rule, margin, limit, out, overwrite });
    }
    const { runs, splits, refreshes, datasets, now } = this.#context;
    const run = runs.require(wish.runId);
    const split = splits.require(run.split);
    const model = modelOfRun(this.#context, run, wish.checkpoint);
    const embedding = await embedPart(this.#context, job, {
      model,
      split,
      part: wish.part,
      backend: wish.backend,
    });
    const mined = await job.task('mine', {
      input: { kind: 'embedding', file: embedding.file },
      rule,
      margin,
      limit,
      // Rows of a run say where their images lie, which the catalogue knows: they are written here.
      out: null,
      overwrite,
    });
    const step = model.source.kind === 'run' ? model.source.step : null;
    const found = {
      dataset: split.dataset,
      datasetRevision: split.dataset_revision,
      embedding: embedding.id,
      run: run.id,
      title: `${run.name}, ${wish.part}, ${rule}`,
      rule,
      part: wish.part,
      step,
      margin,
      triplets: mined.triplets,
      anchorsWithout: mined.anchorsWithout,
      recallOfIndex: mined.recallOfIndex,
      activeShare: mined.activeShare,
      histogram: { ...mined.histogram, counts: [...mined.histogram.counts] },
      file: mined.file,
      at: now(),
    };
    // An engine that died after this job's refresh was kept does the job again: it is the one that lies there.
    const since = this.#context.jobs.require(job.jobId).startedAt ?? found.at;
    const refresh = refreshes.findEqual(found, since) ?? refreshes.insert(found);
    this.#context.tell(['triplets'], datasets.byKey(split.dataset).id);
    if (out !== null) {
      const format = out.toLowerCase().endsWith('.json') ? 'json' : 'csv';
      await writeTable(await minedTable(this.#context, mined.file), format, out, overwrite, job.signal);
    }
    return { ...refreshes.toRefresh(refresh), file: out ?? mined.file, out };
  }
}
