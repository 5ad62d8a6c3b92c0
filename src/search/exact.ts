import { UserError } from '#shared/rpc/errors.ts';
import { ScoreBlocks } from '#learn/space/score-blocks.ts';
import { NearestSelector } from '#learn/space/select-nearest.ts';
import type { VectorSpace } from '#learn/space/vector-space.ts';
import type { NeighborBlock, NeighborIndex, RankedBlock, SearchOptions } from './neighbor-index.ts';

/**
 * Exact nearest neighbours by blocked matrix products. Memory: the vectors three times (as they came, as float32
 * coordinates, on the backend) and one block of scores (20 MB); never rows x rows.
 */
export class ExactIndex implements NeighborIndex {
  readonly exact = true;
  readonly space: VectorSpace;
  readonly #blocks: ScoreBlocks;

  private constructor(blocks: ScoreBlocks) {
    this.space = blocks.space;
    this.#blocks = blocks;
  }

  /** Puts the vectors on the active tfjs backend; `dispose` takes them off again. */
  static async build(space: VectorSpace): Promise<ExactIndex> {
    if (space.rows === 0) throw new UserError('bad-input', 'There are no vectors to search.');
    return new ExactIndex(await ScoreBlocks.open(space));
  }

  async *search(queries: VectorSpace, k: number, options: SearchOptions = {}): AsyncGenerator<RankedBlock> {
    const { space } = this;
    const itself = queries === space;
    if (!itself && queries.centre !== space.centre)
      throw new TypeError('the queries were made for another index');
    if (!Number.isInteger(k) || k < 1)
      throw new UserError('bad-input', `k is ${k}; ask for 1 neighbour or more.`);
    const depth = Math.min(k, itself ? space.rows - 1 : space.rows);
    if (depth === 0) {
      throw new UserError('bad-input', 'One vector has no neighbours. Give at least two.');
    }
    const total = options.rows?.length ?? queries.rows;
    const selector = new NearestSelector(depth, space);
    const block = Math.min(this.#blocks.blockRows, Math.max(total, 1));
    const coordinates = new Float32Array(block * space.dim);
    for (let first = 0; first < total; first += block) {
      options.signal?.throwIfAborted();
      const count = Math.min(block, total - first);
      const rows = Int32Array.from({ length: count }, (_, i) => options.rows?.[first + i] ?? first + i);
      rows.forEach((row, i) =>
        coordinates.set(queries.coordinates.subarray(row * space.dim, (row + 1) * space.dim), i * space.dim),
      );
      const products = await this.#blocks.products(coordinates.subarray(0, count * space.dim), count);
      yield this.#select(queries, rows, products, depth, first, selector);
    }
  }

  dispose(): void {
    this.#blocks.dispose();
  }

  #select(
    queries: VectorSpace,
    rows: Int32Array,
    products: Float32Array,
    k: number,
    first: number,
    selector: NearestSelector,
  ): RankedBlock {
    const { space } = this;
    const count = rows.length;
    const indices = new Int32Array(count * k);
    const distances = new Float64Array(count * k);
    const productsOf = (i: number): RowProducts => ({
      query: rows[i]!,
      self: queries === space ? rows[i]! : -1,
      products: products.subarray(i * space.rows, (i + 1) * space.rows),
      error: this.#blocks.errorOf(queries.lengths[rows[i]!]!),
    });
    for (let i = 0; i < count; i++) {
      const { query, self, products: row, error } = productsOf(i);
      const found = selector.candidates(row, self, error);
      const keys = new Float64Array(found.length);
      for (let j = 0; j < found.length; j++) keys[j] = queries.key(query, space, found[j]!);
      const order = Array.from(found.keys()).sort((a, b) => keys[a]! - keys[b]! || found[a]! - found[b]!);
      for (let j = 0; j < k; j++) {
        indices[i * k + j] = found[order[j]!]!;
        distances[i * k + j] = space.valueOfKey(keys[order[j]!]!);
      }
    }
    const rankOf = (i: number, row: number): number => exactRank(queries, space, productsOf(i), row);
    return { first, count, k, indices, distances, rankOf };
  }
}

interface RowProducts {
  readonly query: number;
  /** A row to leave out, or -1. */
  readonly self: number;
  readonly products: Float32Array;
  readonly error: number;
}

/** 1 + how many rows are nearer to the query than `row`, or as near and smaller. */
function exactRank(queries: VectorSpace, space: VectorSpace, of: RowProducts, row: number): number {
  const { query, self, products, error } = of;
  const half = space.halfSquares;
  const own = products[row]! - half[row]!;
  const key = queries.key(query, space, row);
  let rank = 1;
  for (let j = 0; j < products.length; j++) {
    const score = products[j]! - half[j]!;
    if (score < own - 2 * error || j === self || j === row) continue;
    if (score > own + 2 * error) {
      rank++;
      continue;
    }
    const other = queries.key(query, space, j);
    if (other < key || (other === key && j < row)) rank++;
  }
  return rank;
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
