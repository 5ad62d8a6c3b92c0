import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { ImageFilter, ImageSort } from '#shared/contract/images.ts';
import type { ImageDetail, ImageRow } from '#shared/domain/dataset.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { historyOfImage } from '#catalog/journal/events.ts';
import { bytesToHex } from '#catalog/packed.ts';
import type { ServiceContext } from './service-context.ts';

export interface ImageQuery {
  readonly dataset: string;
  readonly filter: z.output<typeof ImageFilter>;
  readonly sort: z.infer<typeof ImageSort>;
  readonly descending: boolean;
}

/** Results kept; the least recently read goes first. A million ids are 4 MB. */
const KEPT_QUERIES = 24;
const KEPT_IDS = 8_000_000;
const HISTORY = 100;

export class ImagesService {
  readonly #context: ServiceContext;
  /** In the order of use, oldest first. */
  readonly #results = new Map<string, Int32Array>();

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  async query({
    dataset: ref,
    filter,
    sort,
    descending,
  }: ImageQuery): Promise<{ queryId: string; count: number; revision: number }> {
    const { datasets, splits, reader } = this.#context;
    const dataset = datasets.require(ref);
    const part = filter.part && { ...filter.part, split: splits.require(filter.part.split, dataset.key).id };
    const resolved = { ...filter, ...(part && { part }) };
    const ids = await reader.ask('query', { dataset: dataset.key, filter: resolved, sort, descending });
    const queryId = randomBytes(9).toString('base64url');
    this.#keep(queryId, ids);
    return { queryId, count: ids.length, revision: dataset.revision };
  }

  slice(queryId: string, offset: number, limit: number): ImageRow[] {
    return this.#context.images.rows(this.#result(queryId).subarray(offset, offset + limit));
  }

  ids(queryId: string, offset: number, limit: number): number[] {
    return [...this.#result(queryId).subarray(offset, offset + limit)];
  }

  position(queryId: string, imageId: number): number | null {
    const at = this.#result(queryId).indexOf(imageId);
    return at < 0 ? null : at;
  }

  get(imageId: number): ImageDetail {
    const { images, classes, datasets, duplicates, catalog } = this.#context;
    const record = images.find(imageId);
    const [row] = images.rows([imageId]);
    if (record === undefined || row === undefined)
      throw new UserError('not-found', `There is no image ${imageId} in this library.`);
    const copies = duplicates.of(imageId);
    const best = new Map<number, (typeof copies)[number]>();
    // A copy that is exact and near is told once, as exact.
    for (const copy of copies)
      if (!best.has(copy.imageId) || copy.kind === 'exact') best.set(copy.imageId, copy);
    return {
      ...row,
      datasetId: datasets.byKey(record.dataset).id,
      contentHash: bytesToHex(record.content_hash),
      perceptualHash: bytesToHex(record.perceptual_hash),
      format: record.format,
      channels: record.channels,
      sizeBytes: record.size_bytes,
      importedClassName: classes.find(record.imported_class_id)?.imported_name ?? row.className,
      duplicates: [...best.values()].flatMap(({ imageId: id, kind, distance }) =>
        images.rows([id]).map((copy) => ({ ...copy, kind, distance })),
      ),
      history: historyOfImage(catalog, imageId, HISTORY),
    };
  }

  tags(ref: string): { tag: string; images: number }[] {
    return this.#context.tags.list(this.#context.datasets.require(ref).key);
  }

  #result(queryId: string): Int32Array {
    const ids = this.#results.get(queryId);
    if (ids === undefined)
      throw new UserError('expired', 'This list was forgotten to save memory. Ask for it again.');
    this.#results.delete(queryId);
    this.#results.set(queryId, ids);
    return ids;
  }

  #keep(queryId: string, ids: Int32Array): void {
    this.#results.set(queryId, ids);
    let total = [...this.#results.values()].reduce((sum, one) => sum + one.length, 0);
    for (const [oldest, kept] of this.#results) {
      if (oldest === queryId || (this.#results.size <= KEPT_QUERIES && total <= KEPT_IDS)) break;
      this.#results.delete(oldest);
      total -= kept.length;
    }
  }
}
