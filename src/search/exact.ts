import * as tf from '@tensorflow/tfjs-core';
import { UserError } from '#shared/rpc/errors.ts';
import { ScoreBlocks } from '#learn/space/score-blocks.ts';
import { NearestSelector } from '#learn/space/select-nearest.ts';
import type { VectorSpace } from '#learn/space/vector-space.ts';
import { exactRank } from './exact-rank.ts';
import { GROUP, GroupSelector, GroupedScores } from './grouped-scores.ts';
import { NearestList } from './nearest-list.ts';
import { RowFilter } from './neighbor-filter.ts';
import type { NeighborBlock, NeighborIndex, RankedBlock, Recall, SearchOptions } from './neighbor-index.ts';
import { listLength, refuseForeign, refuseShrunk } from './search-checks.ts';

/** Lists up to a 2048th of the rows are found by groups of rows. */
const ROWS_PER_GROUPED_NEIGHBOR = 2048;

/** What one search asks for. */
interface Asked {
  readonly queries: VectorSpace;
  readonly rows: Int32Array;
  readonly k: number;
  readonly options: SearchOptions;
}

/**
 * Exact nearest neighbours by blocked matrix products. Memory: the vectors three times (as they came, as float32
 * coordinates, on the backend) and one block of scores (20 to 60 MB); never rows x rows.
 */
export class ExactIndex implements NeighborIndex {
  readonly exact = true;
  readonly recall: Recall = { at: 0, sample: 0, value: 1 };
  #space: VectorSpace;
  #blocks: ScoreBlocks | undefined;
  /** null where the backend's products are too rough. */
  #grouped: GroupedScores | null | undefined;
  #removed: Uint8Array | undefined;

  private constructor(space: VectorSpace) {
    this.#space = space;
  }

  /** The vectors go to the active tfjs backend with the first search; `dispose` takes them off again. */
  static build(space: VectorSpace): Promise<ExactIndex> {
    if (space.rows === 0)
      return Promise.reject(new UserError('bad-input', 'There are no vectors to search.'));
    return Promise.resolve(new ExactIndex(space));
  }

  get space(): VectorSpace {
    return this.#space;
  }

  async *search(queries: VectorSpace, k: number, options: SearchOptions = {}): AsyncGenerator<RankedBlock> {
    refuseForeign(queries, this.#space);
    const depth = listLength(k, this.#space.rows, queries === this.#space);
    const rows = options.rows ?? Int32Array.from({ length: queries.rows }, (_, row) => row);
    const asked = { queries, rows, k: depth, options };
    if (this.#mayGroup(asked)) this.#grouped ??= await GroupedScores.open(this.#space);
    yield* this.#mayGroup(asked) && this.#grouped
      ? this.#byGroups(asked, this.#grouped)
      : this.#byRows(asked);
  }

  update(space: VectorSpace, rows: Int32Array): Promise<void> {
    refuseShrunk(space, this.#space);
    this.dispose();
    if (this.#removed !== undefined) {
      const removed = new Uint8Array(space.rows);
      removed.set(this.#removed);
      for (const row of rows) removed[row] = 0;
      this.#removed = removed;
    }
    this.#space = space;
    return Promise.resolve();
  }

  remove(rows: Int32Array): void {
    this.#removed ??= new Uint8Array(this.#space.rows);
    for (const row of rows) this.#removed[row] = 1;
  }

  dispose(): void {
    this.#blocks?.dispose();
    this.#grouped?.dispose();
    this.#blocks = this.#grouped = undefined;
  }

  /** Short lists of many rows; where TensorFlow is not the backend, the largest of a group costs more than it saves. */
  #mayGroup({ queries, k, options }: Asked): boolean {
    const { rows } = this.#space;
    if (options.filter !== undefined || this.#removed !== undefined) return false;
    if (this.#grouped === null || tf.getBackend() !== 'tensorflow') return false;
    return k <= rows / ROWS_PER_GROUPED_NEIGHBOR && queries.rows > 1;
  }

  async *#byGroups(
    { queries, rows, k, options }: Asked,
    grouped: GroupedScores,
  ): AsyncGenerator<RankedBlock> {
    const space = this.#space;
    const itself = queries === space;
    // Among the largest of k + 1 groups one may be the query itself.
    const selector = new GroupSelector(k + (itself ? 1 : 0));
    const list = new NearestList(k);
    for (let first = 0; first < rows.length; first += grouped.blockRows) {
      options.signal?.throwIfAborted();
      const some = rows.subarray(first, first + grouped.blockRows);
      const block = await grouped.block(queries, some);
      const columns = emptyColumns(first, some.length, k);
      const errorOf = (i: number): number => grouped.errorOf(queries.lengths[some[i]!]!);
      try {
        for (let i = 0; i < some.length; i++) {
          const query = some[i]!;
          const maxima = block.maxima.subarray(i * grouped.groups, (i + 1) * grouped.groups);
          list.clear();
          const groups = selector.groups(maxima, errorOf(i));
          const limit = queries.keyLimit(query, selector.limit, errorOf(i));
          for (const group of groups) {
            const end = Math.min((group + 1) * GROUP, space.rows);
            for (let row = group * GROUP; row < end; row++) {
              if (itself && row === query) continue;
              const key = queries.keyWithin(query, space, row, limit);
              if (key <= limit) list.offer(row, key);
            }
          }
          list.write(columns.indices, columns.distances, i * k, space);
        }
        const rankOf = (i: number, row: number): number => {
          const query = some[i]!;
          const scores = block.scoresOf(i);
          return exactRank(
            queries,
            space,
            { query, self: itself ? query : -1, scores, error: errorOf(i) },
            row,
          );
        };
        yield { ...columns, rankOf };
      } finally {
        block.dispose();
      }
    }
  }

  async *#byRows({ queries, rows, k, options }: Asked): AsyncGenerator<RankedBlock> {
    const space = this.#space;
    const blocks = (this.#blocks ??= await ScoreBlocks.open(space));
    const itself = queries === space;
    const filter = this.#filterOf(options, queries);
    const selector = new NearestSelector(k, space);
    const size = Math.min(blocks.blockRows, Math.max(rows.length, 1));
    const coordinates = new Float32Array(size * space.dim);
    for (let first = 0; first < rows.length; first += size) {
      options.signal?.throwIfAborted();
      const some = rows.subarray(first, first + size);
      some.forEach((row, i) => queries.copyCoordinates(row, coordinates, i * space.dim));
      const products = await blocks.products(coordinates.subarray(0, some.length * space.dim), some.length);
      const columns = emptyColumns(first, some.length, k);
      const scoresOf = (i: number) => ({
        query: some[i]!,
        self: itself ? some[i]! : -1,
        scores: products.subarray(i * space.rows, (i + 1) * space.rows),
        minus: space.halfSquares,
        error: blocks.errorOf(queries.lengths[some[i]!]!),
      });
      for (let i = 0; i < some.length; i++) {
        const { query, self, scores, error } = scoresOf(i);
        if (filter !== undefined) forbid(scores, query, filter);
        const found = selector.candidates(scores, self, error).filter((row) => scores[row]! > -Infinity);
        sortInto(columns, i, query, found, queries, space);
      }
      const rankOf = (i: number, row: number): number => exactRank(queries, space, scoresOf(i), row);
      yield { ...columns, rankOf };
    }
  }

  #filterOf({ filter }: SearchOptions, queries: VectorSpace): RowFilter | undefined {
    const removed = this.#removed;
    if (filter === undefined && removed === undefined) return undefined;
    const given = filter?.excluded;
    const excluded = removed === undefined ? given : removed.map((mark, row) => mark | (given?.[row] ?? 0));
    return new RowFilter({ ...filter, ...(excluded && { excluded }) }, this.#space.rows, queries.rows);
  }
}

function sortInto(
  { k, indices, distances }: NeighborBlock,
  i: number,
  query: number,
  found: Int32Array,
  queries: VectorSpace,
  space: VectorSpace,
): void {
  const keys = Float64Array.from(found, (row) => queries.key(query, space, row));
  const order = Array.from(found.keys()).sort((a, b) => keys[a]! - keys[b]! || found[a]! - found[b]!);
  for (let j = 0; j < k; j++) {
    const place = order[j];
    indices[i * k + j] = place === undefined ? -1 : found[place]!;
    distances[i * k + j] = place === undefined ? Number.NaN : space.valueOfKey(keys[place]!);
  }
}

function forbid(scores: Float32Array, query: number, filter: RowFilter): void {
  for (let row = 0; row < scores.length; row++) if (!filter.accepts(query, row)) scores[row] = -Infinity;
}

function emptyColumns(first: number, count: number, k: number): NeighborBlock {
  return { first, count, k, indices: new Int32Array(count * k), distances: new Float64Array(count * k) };
}

/** All blocks of a search in one, for sets that are small enough. */
export async function collectNeighbors(blocks: AsyncIterable<NeighborBlock>): Promise<NeighborBlock> {
  const parts: NeighborBlock[] = [];
  for await (const part of blocks) parts.push(part);
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const k = parts[0]?.k ?? 0;
  const indices = new Int32Array(count * k);
  const distances = new Float64Array(count * k);
  for (const part of parts) {
    indices.set(part.indices, part.first * k);
    distances.set(part.distances, part.first * k);
  }
  return { first: 0, count, k, indices, distances };
}
