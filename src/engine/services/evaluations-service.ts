import type {
  ClassResult,
  Comparison,
  Evaluation,
  PublishedRow,
  QueryResult,
} from '#shared/domain/evaluation.ts';
import { publishedFor } from '#shared/domain/published-rows.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { EvaluationRecord } from '#catalog/repositories/evaluations.ts';
import { classResults } from './class-results.ts';
import { compareEvaluations } from './compare-evaluations.ts';
import type { Scoring } from './evaluate-protocol.ts';
import type { EvaluateRequest } from './evaluate-runner.ts';
import { evaluatedImages } from './evaluated-images.ts';
import { LabelledImages } from './labelled-images.ts';
import type { ServiceContext } from './service-context.ts';
import { withArrays } from './stored-array.ts';

export type EvaluationWish =
  | (Scoring & { kind: 'run'; run: string; checkpoint: 'best' | 'last'; part: string; backend: string })
  | (Scoring & {
      kind: 'zero-shot';
      backbone: string;
      size: number;
      dataset: string;
      split: string;
      part: string;
      backend: string;
    })
  | (Pick<Scoring, 'recallAt'> & {
      kind: 'files';
      embeddings: string;
      labels: string;
      metric: 'cosine' | 'euclidean';
    });

export class EvaluationsService {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  list(by: { dataset?: string | undefined; run?: string | undefined }): Evaluation[] {
    const { evaluations, datasets, runs } = this.#context;
    const filter = {
      ...(by.dataset !== undefined && { dataset: datasets.require(by.dataset).key }),
      ...(by.run !== undefined && { run: runs.require(by.run).id }),
    };
    return evaluations.list(filter).map((row) => evaluations.toEvaluation(row));
  }

  get(id: string): Evaluation {
    return this.#context.evaluations.toEvaluation(this.#context.evaluations.require(id));
  }

  start(wish: EvaluationWish): { jobId: string } {
    const { request, title, subject } = this.#request(wish);
    const job = this.#context.queue.enqueue({ kind: 'evaluate', title, subject, request });
    this.#context.tell(['jobs']);
    return { jobId: job.id };
  }

  embed(wish: Exclude<EvaluationWish, { kind: 'files' }>): { jobId: string } {
    const { request, subject } = this.#request(wish);
    const title = `Embed the ${wish.part} part`;
    const job = this.#context.queue.enqueue({ kind: 'embed', title, subject, request });
    this.#context.tell(['jobs']);
    return { jobId: job.id };
  }

  /** Queries worst first, as the worker ordered them. */
  async failures(
    id: string,
    page: { onlyMisses: boolean; offset: number; limit: number },
  ): Promise<{ total: number; misses: number; rows: QueryResult[] }> {
    const { evaluations, catalog } = this.#context;
    const evaluation = evaluations.require(id);
    const images = new LabelledImages(this.#context);
    return withArrays(catalog, evaluations.fileOf(evaluation), async (scored) => {
      const [order, recall, queryRows] = await Promise.all([
        scored.ints('order'),
        scored.floats('recallAt1'),
        scored.ints('queryRows'),
      ]);
      const misses = recall.reduce((sum, hit) => sum + (hit < 0.5 ? 1 : 0), 0);
      const listed = page.onlyMisses ? order.filter((query) => recall[query]! < 0.5) : order;
      const shown = listed.subarray(page.offset, page.offset + page.limit);
      if (shown.length === 0) return { total: listed.length, misses, rows: [] };
      const [hitRank, margin, precision] = await Promise.all([
        scored.ints('firstHitRank'),
        scored.floats('margin'),
        scored.floats('averagePrecisionAtR'),
      ]);
      const { queries, neighbors } = await evaluatedImages(this.#context, evaluation, scored);
      const isNew = scored.has('rank');
      const rank = isNew ? await scored.ints('rank') : null;
      const rPrecision = isNew ? await scored.floats('rPrecision') : null;
      const rows = await Promise.all(
        [...shown].map(async (query): Promise<QueryResult> => {
          const row = queryRows[query]!;
          const [imageId, label] = [queries.imageIds[row]!, queries.labels[row]!];
          const [nearest] = await scored.intRow('neighbors', query);
          const [distance] = await scored.floatRow('distances', query);
          const isKnown = nearest !== undefined && nearest >= 0;
          return {
            imageId,
            ...images.describe(imageId, label),
            firstHitRank: hitRank[query]! > 0 ? hitRank[query]! : null,
            margin: Number.isFinite(margin[query]!) ? margin[query]! : null,
            averagePrecisionAtR: precision[query]!,
            ...(rank !== null && { rank: rank[query]! }),
            ...(rPrecision !== null && { rPrecision: rPrecision[query]! }),
            nearest: isKnown
              ? {
                  imageId: neighbors.imageIds[nearest]!,
                  ...images.describe(neighbors.imageIds[nearest]!, neighbors.labels[nearest]!),
                  distance: distance!,
                  hit: neighbors.labels[nearest] === label,
                }
              : null,
          };
        }),
      );
      return { total: listed.length, misses, rows };
    });
  }

  async classes(
    id: string,
    page: { offset: number; limit: number },
  ): Promise<{ total: number; rows: ClassResult[] }> {
    const rows = await classResults(this.#context, this.#context.evaluations.require(id));
    return { total: rows.length, rows: rows.slice(page.offset, page.offset + page.limit) };
  }

  compare(first: string, second: string, signal: AbortSignal): Promise<Comparison> {
    const { evaluations } = this.#context;
    return compareEvaluations(this.#context, evaluations.require(first), evaluations.require(second), signal);
  }

  published(id: string): { dataset: string | null; rows: PublishedRow[] } {
    const evaluation = this.#context.evaluations.require(id);
    const { name } = this.#context.datasets.byKey(evaluation.dataset);
    return publishedFor(name) ?? { dataset: null, rows: [] };
  }

  remove(id: string): void {
    const evaluation: EvaluationRecord = this.#context.evaluations.require(id);
    this.#context.evaluations.remove(id);
    this.#context.sweep([this.#context.evaluations.fileOf(evaluation)]);
    this.#context.tell(['evaluations'], this.#context.datasets.byKey(evaluation.dataset).id);
  }

  #request(wish: EvaluationWish): { request: EvaluateRequest; title: string; subject: string | null } {
    const { runs, splits, datasets, checkpoints } = this.#context;
    if (wish.kind === 'files') return { request: wish, title: 'Evaluate files', subject: null };
    if (wish.kind === 'zero-shot') {
      const split = splits.require(wish.split, datasets.require(wish.dataset).key);
      this.#checkPart(split.id, split.name, wish.part);
      const { kind, backbone, size, part, backend, gallery, recallAt } = wish;
      const request: EvaluateRequest = {
        kind,
        backbone,
        size,
        splitId: split.id,
        part,
        backend,
        gallery,
        recallAt,
      };
      return { request, title: `Evaluate ${backbone} without training`, subject: split.id };
    }
    const run = runs.require(wish.run);
    if (checkpoints.list(run.id).length === 0)
      throw new UserError(
        'conflict',
        `The run "${run.name}" has no checkpoint yet. Wait for its first epoch to end.`,
      );
    this.#checkPart(run.split, splits.require(run.split).name, wish.part);
    const { kind, checkpoint, part, backend, gallery, recallAt } = wish;
    return {
      request: { kind, runId: run.id, checkpoint, part, backend, gallery, recallAt },
      title: `Evaluate ${run.name}`,
      subject: run.id,
    };
  }

  #checkPart(splitId: string, name: string, part: string): void {
    const parts = this.#context.splits.partCounts(splitId);
    if ((parts.get(part)?.images ?? 0) >= 2) return;
    const named = [...parts].filter(([, counts]) => counts.images >= 2).map(([one]) => `"${one}"`);
    throw new UserError(
      'bad-input',
      `The split "${name}" has no images in its part "${part}". It has ${named.join(', ')}.`,
    );
  }
}
