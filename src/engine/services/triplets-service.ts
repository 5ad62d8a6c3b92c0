import { resolve } from 'node:path';
import type { Verdict } from '#shared/domain/dataset.ts';
import type { MiningRule, Refresh, Triplet } from '#shared/domain/triplet.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { MineRequest } from './mine-runner.ts';
import type { ServiceContext } from './service-context.ts';
import { withArrays } from './stored-array.ts';

interface CommonWish {
  readonly rule: MiningRule;
  readonly margin: number;
  readonly limit?: number | undefined;
  readonly out?: string | undefined;
}
export type MineWish = CommonWish &
  (
    | { kind: 'run'; run: string; checkpoint: 'best' | 'last'; part: string; backend: string }
    | { kind: 'files'; embeddings: string; labels: string; metric: 'cosine' | 'euclidean' }
  );

export interface TripletPage {
  readonly sort: 'hardness' | 'anchor-positive' | 'anchor-negative' | 'row';
  readonly classId?: number | undefined;
  readonly verdict: 'any' | 'none' | 'given' | Verdict;
  readonly offset: number;
  readonly limit: number;
}

export class TripletsService {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  mine(wish: MineWish): { jobId: string } {
    const { runs, checkpoints, queue } = this.#context;
    const common = {
      rule: wish.rule,
      margin: wish.margin,
      limit: wish.limit ?? null,
      out: wish.out === undefined ? null : resolve(wish.out),
    };
    if (wish.kind === 'files') {
      const { kind, embeddings, labels, metric } = wish;
      const request: MineRequest = {
        kind,
        embeddings: resolve(embeddings),
        labels: resolve(labels),
        metric,
        ...common,
      };
      return { jobId: queue.enqueue({ kind: 'mine', title: 'Mine files', subject: null, request }).id };
    }
    const run = runs.require(wish.run);
    if (checkpoints.list(run.id).length === 0)
      throw new UserError(
        'conflict',
        `The run "${run.name}" has no checkpoint yet. Wait for its first epoch to end.`,
      );
    const { kind, checkpoint, part, backend } = wish;
    const request: MineRequest = { kind, runId: run.id, checkpoint, part, backend, ...common };
    return {
      jobId: queue.enqueue({ kind: 'mine', title: `Mine triplets of ${run.name}`, subject: run.id, request })
        .id,
    };
  }

  refreshes(by: { run?: string | undefined; dataset?: string | undefined }): Refresh[] {
    const { refreshes, runs, datasets } = this.#context;
    const filter = {
      ...(by.dataset !== undefined && { dataset: datasets.require(by.dataset).key }),
      ...(by.run !== undefined && { run: runs.require(by.run).id }),
    };
    return refreshes.list(filter).map((row) => refreshes.toRefresh(row));
  }

  async list(id: string, page: TripletPage): Promise<{ total: number; reviewed: number; rows: Triplet[] }> {
    const { refreshes, catalog } = this.#context;
    const refresh = refreshes.require(id);
    const verdicts = refreshes.verdicts(id);
    return withArrays(catalog, refreshes.fileOf(refresh), async (file) => {
      const [anchors, positives, negatives, ap, an, positiveRanks, negativeRanks] = await Promise.all([
        file.ints('anchor'),
        file.ints('positive'),
        file.ints('negative'),
        file.floats('anchorPositive'),
        file.floats('anchorNegative'),
        file.ints('positiveRank'),
        file.ints('negativeRank'),
      ]);
      const rows = this.#chosen(anchors, verdicts, page);
      const key = { hardness: null, row: null, 'anchor-positive': ap, 'anchor-negative': an }[page.sort];
      // Rows lie hardest first in the file; equal distances keep that order.
      if (page.sort === 'anchor-positive') rows.sort((a, b) => key![b]! - key![a]! || a - b);
      if (page.sort === 'anchor-negative') rows.sort((a, b) => key![a]! - key![b]! || a - b);
      const shown = [...rows.slice(page.offset, page.offset + page.limit)].map((row): Triplet => ({
        row,
        anchor: this.#image(anchors[row]!),
        positive: this.#image(positives[row]!),
        negative: this.#image(negatives[row]!),
        anchorPositive: ap[row]!,
        anchorNegative: an[row]!,
        violation: ap[row]! - an[row]!,
        positiveRank: positiveRanks[row]!,
        negativeRank: negativeRanks[row]!,
        verdict: verdicts.get(row) ?? null,
      }));
      return { total: rows.length, reviewed: verdicts.size, rows: shown };
    });
  }

  #chosen(anchors: Int32Array, verdicts: ReadonlyMap<number, Verdict>, page: TripletPage): Int32Array {
    const all = Int32Array.from(anchors, (_, row) => row);
    const ofClass =
      page.classId === undefined ? all : all.filter((row) => this.#classOf(anchors[row]!) === page.classId);
    if (page.verdict === 'any') return ofClass;
    if (page.verdict === 'none') return ofClass.filter((row) => !verdicts.has(row));
    if (page.verdict === 'given') return ofClass.filter((row) => verdicts.has(row));
    return ofClass.filter((row) => verdicts.get(row) === page.verdict);
  }

  #classOf(imageId: number): number | undefined {
    return this.#context.catalog
      .sql<{ class_id: number }>(`SELECT class_id FROM images WHERE id = ?`)
      .get(imageId)?.class_id;
  }

  #image(imageId: number): Triplet['anchor'] {
    const [row] = this.#context.images.rows([imageId]);
    if (row === undefined)
      throw new UserError('not-found', `There is no image ${imageId} any more. Mine again.`);
    return { imageId, classId: row.classId, class: row.className, path: row.path, excluded: row.excluded };
  }
}
