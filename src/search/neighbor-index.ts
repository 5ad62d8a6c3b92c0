import type { VectorSpace } from '#learn/space/vector-space.ts';

export interface SearchOptions {
  /** Which rows of `queries` to ask for, in that order; all of them when left out. */
  readonly rows?: Int32Array;
  readonly signal?: AbortSignal;
}

/** Neighbours of consecutive queries, nearest first; equally near ones by their row. */
export interface NeighborBlock {
  /** Number of the first query of this block (a position in `rows`, not a row). */
  readonly first: number;
  readonly count: number;
  /** Neighbours per query: what was asked for, or all there are. */
  readonly k: number;
  /** [count, k], rows of the index. */
  readonly indices: Int32Array;
  /** [count, k], distances (float64), or inner products. */
  readonly distances: Float64Array;
}

/** What an exact search knows beyond the lists. */
export interface RankedBlock extends NeighborBlock {
  /**
   * 1-based rank of a row of the index in the whole list of query `i` of the block, however far down it is. Valid until
   * the next block is asked for.
   */
  rankOf(i: number, row: number): number;
}

/** A searchable set of vectors: exact (`ExactIndex`) or approximate, one interface. */
export interface NeighborIndex {
  readonly space: VectorSpace;
  /** True where the lists are exact by construction. */
  readonly exact: boolean;
  /**
   * Yields blocks in order, so that no more than one is held.
   *
   * @param queries the index's own space (then a row is never its own neighbour, by identity, not by rank), or another
   *   one made with the index's space as `centreOf`
   * @throws Cancelled or the signal's reason when aborted
   */
  search(queries: VectorSpace, k: number, options?: SearchOptions): AsyncIterable<NeighborBlock>;
  dispose(): void;
}
