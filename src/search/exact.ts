import { UserError } from '#shared/rpc/errors.ts';
import { ScoreBlocks } from '#learn/space/score-blocks.ts';
import type { VectorSpace } from '#learn/space/vector-space.ts';
import type { NeighborBlock, NeighborIndex, SearchOptions } from './neighbor-index.ts';
import { NearestSelector } from './select-nearest.ts';

/**
 * Exact nearest neighbours by blocked matrix products. Memory: the vectors three times (as they came, as float32
 * coordinates, on the backend) and one block of scores (64 MB); never rows x rows.
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

  async *search(queries: VectorSpace, k: number, options: SearchOptions = {}): AsyncGenerator<NeighborBlock> {
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
    const selector = new NearestSelector(depth);
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
  ): NeighborBlock {
    const { space } = this;
    const count = rows.length;
    const indices = new Int32Array(count * k);
    const distances = new Float64Array(count * k);
    for (let i = 0; i < count; i++) {
      const row = rows[i]!;
      const self = queries === space ? row : -1;
      const found = selector.candidates(
        products.subarray(i * space.rows, (i + 1) * space.rows),
        space,
        self,
        this.#blocks.errorOf(queries.lengths[row]!),
      );
      const keyed = Array.from(found, (index) => ({ index, key: queries.key(row, space, index) }));
      keyed.sort((a, b) => a.key - b.key || a.index - b.index);
      for (let j = 0; j < k; j++) {
        indices[i * k + j] = keyed[j]!.index;
        distances[i * k + j] = space.valueOfKey(keyed[j]!.key);
      }
    }
    return { first, count, k, indices, distances };
  }
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
