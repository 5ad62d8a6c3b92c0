import { extname, resolve } from 'node:path';
import type { Verdict } from '#shared/domain/dataset.ts';
import type { MiningRule, Refresh, Triplet } from '#shared/domain/triplet.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { checkOutput } from './export/output-file.ts';
import type { MineRequest } from './mine-runner.ts';
import type { ServiceContext } from './service-context.ts';
import { type TripletColumns, TripletColumnCache, type TripletSort } from './triplet-columns.ts';

interface CommonWish {
  readonly rule: MiningRule;
  readonly margin: number;
  readonly limit?: number | undefined;
  readonly out?: string | undefined;
  readonly overwrite?: boolean | undefined;
}
export type MineWish = CommonWish &
  (
    | { kind: 'run'; run: string; checkpoint: 'best' | 'last'; part: string; backend: string }
    | { kind: 'files'; embeddings: string; labels: string; metric: 'cosine' | 'euclidean' }
  );

export interface TripletPage {
  readonly sort: TripletSort;
  readonly classId?: number | undefined;
  readonly verdict: 'any' | 'none' | 'given' | Verdict;
  readonly offset: number;
  readonly limit: number;
}

export class TripletsService {
  readonly #context: ServiceContext;
  readonly #columns: TripletColumnCache;

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#columns = new TripletColumnCache(context.catalog);
  }

  /** @throws UserError not-found, conflict (no checkpoint, or the file exists), bad-input for a file of another ending */
  mine(wish: MineWish): { jobId: string } {
    const { runs, checkpoints, queue } = this.#context;
    const common = {
      rule: wish.rule,
      margin: wish.margin,
      limit: wish.limit ?? null,
      out: wish.out === undefined ? null : resolve(wish.out),
      overwrite: wish.overwrite ?? false,
    };
    if (common.out !== null) {
      if (!['.csv', '.json'].includes(extname(common.out).toLowerCase()))
        throw new UserError(
          'bad-input',
          `${common.out} ends in neither .csv nor .json. Name one of them, so that the format is clear.`,
        );
      checkOutput(common.out, common.overwrite);
    }
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
    const { refreshes } = this.#context;
    const refresh = refreshes.require(id);
    const verdicts = refreshes.verdicts(id);
    const columns = await this.#columns.get(refreshes.fileOf(refresh));
    const rows = this.#chosen(columns, refresh.dataset, verdicts, page);
    const shown = [...rows.subarray(page.offset, page.offset + page.limit)];
    const { anchors, positives, negatives, anchorPositive, anchorNegative } = columns;
    const image = this.#images(shown.flatMap((row) => [anchors[row]!, positives[row]!, negatives[row]!]));
    return {
      total: rows.length,
      reviewed: verdicts.size,
      rows: shown.map((row) => ({
        row,
        anchor: image(anchors[row]!),
        positive: image(positives[row]!),
        negative: image(negatives[row]!),
        anchorPositive: anchorPositive[row]!,
        anchorNegative: anchorNegative[row]!,
        violation: anchorPositive[row]! - anchorNegative[row]!,
        positiveRank: columns.positiveRanks[row]!,
        negativeRank: columns.negativeRanks[row]!,
        verdict: verdicts.get(row) ?? null,
      })),
    };
  }

  #chosen(
    columns: TripletColumns,
    dataset: number,
    verdicts: ReadonlyMap<number, Verdict>,
    { sort, classId, verdict }: TripletPage,
  ): Int32Array {
    let rows = columns.order(sort);
    if (classId !== undefined) {
      const { datasets, catalog } = this.#context;
      const classes = columns.classes(catalog, datasets.byKey(dataset).revision);
      rows = rows.filter((row) => classes[row] === classId);
    }
    if (verdict === 'any') return rows;
    if (verdict === 'none') return rows.filter((row) => !verdicts.has(row));
    if (verdict === 'given') return rows.filter((row) => verdicts.has(row));
    return rows.filter((row) => verdicts.get(row) === verdict);
  }

  #images(ids: readonly number[]): (imageId: number) => Triplet['anchor'] {
    const found = new Map(this.#context.images.rows([...new Set(ids)]).map((row) => [row.id, row]));
    return (imageId) => {
      const row = found.get(imageId);
      if (row === undefined)
        throw new UserError('not-found', `There is no image ${imageId} any more. Mine again.`);
      return { imageId, classId: row.classId, class: row.className, path: row.path, excluded: row.excluded };
    };
  }
}
