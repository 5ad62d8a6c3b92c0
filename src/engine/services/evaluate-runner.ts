import type { EvaluationRecord } from '#catalog/repositories/evaluations.ts';
import type { SplitRecord } from '#catalog/repositories/splits.ts';
import type { Evaluation } from '#shared/domain/evaluation.ts';
import type { EvaluateResult } from '#shared/worker/embed.ts';
import type { JobContext, JobRunner } from '../jobs/job-runner.ts';
import { weightsOfBackbone } from './backbone-weights.ts';
import { embedPart } from './embed-part.ts';
import {
  type Scoring,
  galleryOf,
  knownEvaluation,
  prepareGallery,
  ranksOf,
  thresholdVectors,
} from './evaluate-protocol.ts';
import { type EmbeddingModel, modelOfBackbone, modelOfRun, zeroShotOf } from './model-source.ts';
import { splitHashFor } from './part-content.ts';
import type { ServiceContext } from './service-context.ts';
import { wasTrainedOn } from './trained-classes.ts';

/** What is stored with the job: names are ids here. */
export type EvaluateRequest =
  | (Scoring & {
      readonly kind: 'run';
      readonly runId: string;
      readonly checkpoint: 'best' | 'last';
      readonly part: string;
      readonly backend: string;
    })
  | (Scoring & {
      readonly kind: 'zero-shot';
      readonly backbone: string;
      readonly size: number;
      readonly splitId: string;
      readonly part: string;
      readonly backend: string;
    })
  | {
      readonly kind: 'files';
      readonly embeddings: string;
      readonly labels: string;
      readonly metric: 'cosine' | 'euclidean';
      readonly recallAt?: readonly number[] | undefined;
    };

interface Subject {
  readonly split: SplitRecord;
  readonly part: string;
  readonly backend: string;
  readonly scoring: Scoring;
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
      const subject = {
        split: splits.require(wish.splitId),
        part: wish.part,
        backend: wish.backend,
        scoring: wish,
      };
      const start = await weightsOfBackbone(this.#context, wish.backbone, 'pretrained');
      const model = modelOfBackbone(wish.backbone, wish.size, start);
      const record = await this.#score(model, null, subject, job);
      return evaluations.toEvaluation(record);
    }
    const run = runs.require(wish.runId);
    const subject = {
      split: splits.require(run.split),
      part: wish.part,
      backend: wish.backend,
      scoring: wish,
    };
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
    const { evaluations, datasets, now } = this.#context;
    const { split, part } = subject;
    const embedding = await embedPart(this.#context, job, { model, ...subject });
    const choice = galleryOf(this.#context, subject, subject.scoring);
    const recallAt = ranksOf(choice, subject.scoring);
    const gallery = await prepareGallery(this.#context, job, model, subject, choice);
    const known = knownEvaluation(this.#context, {
      dataset: split.dataset,
      embedding: embedding.id,
      model,
      gallery: gallery.words,
      recallAt,
    });
    if (known !== undefined && (baseline === null || known.zero_shot === baseline.id)) return known;
    const thresholdsFrom = await thresholdVectors(this.#context, job, model, subject);
    const result = await job.task('evaluate', {
      input: { kind: 'embedding', file: embedding.file },
      protocol: {
        splitHash: splitHashFor(split, part, embedding.content),
        part,
        size: model.size,
        crop: model.crop,
        gallery: gallery.words,
        duplicatePolicy: DUPLICATES_KEPT,
        checkpointRule: model.checkpointRule,
        ...BOOTSTRAP,
      },
      gallery: gallery.task,
      recallAt,
      thresholdsFrom,
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
      title: `${model.title}, ${part}${choice.kind === 'rest' ? '' : ` against ${gallery.words}`}`,
      protocol: result.protocol,
      scores: { ...result.scores },
      queries: result.queries,
      classes: result.classes,
      excludedQueries: result.excludedQueries,
      seenClasses: model.run !== null && wasTrainedOn(this.#context.catalog, split.id, part, 'some'),
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
        gallery: 'all other rows',
        duplicatePolicy: DUPLICATES_KEPT,
        checkpointRule: 'made by another program',
        ...BOOTSTRAP,
      },
      gallery: { kind: 'rest' },
      recallAt: ranksOf({ kind: 'rest' }, wish),
      thresholdsFrom: null,
      keep: KEPT_NEIGHBORS,
      baseline: null,
      backend: 'auto',
    });
  }
}
