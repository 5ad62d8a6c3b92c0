import type { JobContext, JobRunner } from '../jobs/job-runner.ts';
import { weightsOfBackbone } from './backbone-weights.ts';
import { embedPart } from './embed-part.ts';
import type { EvaluateRequest } from './evaluate-runner.ts';
import { modelOfBackbone, modelOfRun } from './model-source.ts';
import type { ServiceContext } from './service-context.ts';

/** What is stored with the job: an evaluation's request without the scores. */
export type EmbedRequest = Exclude<EvaluateRequest, { kind: 'files' }>;

/** What the job's row keeps. */
export interface EmbedOutcome {
  readonly embeddingId: string;
  readonly rows: number;
  readonly dim: number;
}

/** The vectors of a part and nothing else. */
export class EmbedRunner implements JobRunner {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  async run(request: unknown, job: JobContext): Promise<EmbedOutcome> {
    const wish = request as EmbedRequest;
    const { runs, splits } = this.#context;
    const { part, backend } = wish;
    if (wish.kind === 'zero-shot') {
      const start = await weightsOfBackbone(this.#context, wish.backbone, 'pretrained');
      const model = modelOfBackbone(wish.backbone, wish.size, start);
      return this.#outcome(job, { model, split: splits.require(wish.splitId), part, backend });
    }
    const run = runs.require(wish.runId);
    const model = modelOfRun(this.#context, run, wish.checkpoint);
    return this.#outcome(job, { model, split: splits.require(run.split), part, backend });
  }

  async #outcome(job: JobContext, wish: Parameters<typeof embedPart>[2]): Promise<EmbedOutcome> {
    const { id, rows, dim } = await embedPart(this.#context, job, wish);
    return { embeddingId: id, rows, dim };
  }
}
