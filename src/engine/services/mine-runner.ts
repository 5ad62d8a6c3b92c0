import type { MiningRule, Refresh } from '#shared/domain/triplet.ts';
import type { MineResult } from '#shared/worker/mine.ts';
import type { JobContext, JobRunner } from '../jobs/job-runner.ts';
import { embedPart } from './embed-part.ts';
import { modelOfRun } from './model-source.ts';
import type { ServiceContext } from './service-context.ts';

interface MiningWish {
  readonly rule: MiningRule;
  readonly margin: number;
  readonly limit: number | null;
  readonly out: string | null;
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
    const { rule, margin, limit, out } = wish;
    if (wish.kind === 'files') {
      const { kind, embeddings, labels, metric } = wish;
      return job.task('mine', { input: { kind, embeddings, labels, metric }, rule, margin, limit, out });
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
      out,
    });
    const step = model.source.kind === 'run' ? model.source.step : null;
    const refresh = refreshes.insert({
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
    });
    this.#context.tell(['triplets'], datasets.byKey(split.dataset).id);
    return { ...refreshes.toRefresh(refresh), file: mined.out ?? mined.file, out: mined.out };
  }
}
