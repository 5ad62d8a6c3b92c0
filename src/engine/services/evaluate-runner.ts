import { readMembers } from '#catalog/part-reader.ts';
import type { EvaluationRecord } from '#catalog/repositories/evaluations.ts';
import type { SplitRecord } from '#catalog/repositories/splits.ts';
import type { Evaluation } from '#shared/domain/evaluation.ts';
import type { EvaluateResult } from '#shared/worker/embed.ts';
import type { JobContext, JobRunner } from '../jobs/job-runner.ts';
import { embedPart } from './embed-part.ts';
import { type EmbeddingModel, modelOfBackbone, modelOfRun, zeroShotOf } from './model-source.ts';
import { splitHashFor } from './part-content.ts';
import type { ServiceContext } from './service-context.ts';

/** What is stored with the job: names are ids here. */
export type EvaluateRequest =
  | {
      readonly kind: 'run';
      readonly runId: string;
      readonly checkpoint: 'best' | 'last';
      readonly part: string;
      readonly backend: string;
    }
  | {
      readonly kind: 'zero-shot';
      readonly backbone: string;
      readonly size: number;
      readonly splitId: string;
      readonly part: string;
      readonly backend: string;
    }
  | {
      readonly kind: 'files';
      readonly embeddings: string;
      readonly labels: string;
      readonly metric: 'cosine' | 'euclidean';
    };

interface Subject {
  readonly split: SplitRecord;
  readonly part: string;
  readonly backend: string;
}

/** Neighbours kept for each query. */
const KEPT_NEIGHBORS = 100;
const BOOTSTRAP = { bootstrapSeed: 0, bootstrapSamples: 1000 };
const DUPLICATES_KEPT = 'copies stay in the part';

/** Embeds and scores. A run's score never comes without the zero-shot score of the same queries. */
export class EvaluateRunner implements JobRunner {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  async run(request: unknown, job: JobContext): Promise<Evaluation | EvaluateResult> {
    const wish = request as EvaluateRequest;
    if (wish.kind === 'files') return this.#files(wish, job);
    const { runs, splits, evaluations } = this.#context;
    if (wish.kind === 'zero-shot') {
      const subject = { split: splits.require(wish.splitId), part: wish.part, backend: wish.backend };
      const record = await this.#score(modelOfBackbone(wish.backbone, wish.size), null, subject, job);
      return evaluations.toEvaluation(record);
    }
    const run = runs.require(wish.runId);
    const subject = { split: splits.require(run.split), part: wish.part, backend: wish.backend };
    const baseline = await this.#score(zeroShotOf(run), null, subject, job);
    const record = await this.#score(modelOfRun(this.#context, run, wish.checkpoint), baseline, subject, job);
    return evaluations.toEvaluation(record);
  }

  async #score(
    model: EmbeddingModel,
    baseline: EvaluationRecord | null,
    subject: Subject,
    job: JobContext,
  ): Promise<EvaluationRecord> {
    const { evaluations, datasets, catalog, now } = this.#context;
    const { split, part } = subject;
    const embedding = await embedPart(this.#context, job, { model, ...subject });
    const known = evaluations.ofEmbedding(embedding.id, model);
    const isWhole = baseline === null || known?.zero_shot === baseline.id;
    if (known !== undefined && isWhole && catalog.files.has(evaluations.fileOf(known))) return known;
    const result = await job.task('evaluate', {
      input: { kind: 'embedding', file: embedding.file },
      protocol: {
        splitHash: splitHashFor(split, part, embedding.content),
        part,
        size: model.size,
        crop: model.crop,
        duplicatePolicy: DUPLICATES_KEPT,
        checkpointRule: model.checkpointRule,
        ...BOOTSTRAP,
      },
      keep: KEPT_NEIGHBORS,
      baseline: baseline === null ? null : evaluations.fileOf(baseline),
      backend: subject.backend as 'auto',
    });
    const record = evaluations.insert({
      embedding: embedding.id,
      dataset: split.dataset,
      split: split.id,
      part,
      run: model.run,
      source: model.source,
      title: `${model.title}, ${part}`,
      protocol: result.protocol,
      scores: { ...result.scores },
      queries: result.queries,
      classes: result.classes,
      excludedQueries: result.excludedQueries,
      seenClasses: model.run !== null && this.#wasTrainedOn(split.id, part),
      zeroShot: baseline?.id ?? null,
      difference: result.differenceRecallAt1,
      file: result.file,
      at: now(),
    });
    this.#context.tell(['evaluations'], datasets.byKey(split.dataset).id);
    return record;
  }

  #files(wish: Extract<EvaluateRequest, { kind: 'files' }>, job: JobContext): Promise<EvaluateResult> {
    return job.task('evaluate', {
      input: wish,
      protocol: {
        splitHash: '',
        part: 'files',
        size: null,
        crop: 'none',
        duplicatePolicy: DUPLICATES_KEPT,
        checkpointRule: 'made by another program',
        ...BOOTSTRAP,
      },
      keep: KEPT_NEIGHBORS,
      baseline: null,
      backend: 'auto',
    });
  }

  /** Whether a class of the part is also a class of the training part. */
  #wasTrainedOn(splitId: string, part: string): boolean {
    if (part === 'train') return true;
    const trained = new Set(readMembers(this.#context.catalog, splitId, 'train').labels);
    return readMembers(this.#context.catalog, splitId, part).labels.some((label) => trained.has(label));
  }
}
