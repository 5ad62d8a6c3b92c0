import type { VectorSpace } from '#learn/space/vector-space.ts';
import type { NeighborFilter } from './neighbor-filter.ts';

export interface SearchOptions {
  /** Which rows of `queries` to ask for, in that order; all of them when left out. */
  readonly rows?: Int32Array;
  readonly filter?: NeighborFilter;
  readonly signal?: AbortSignal;
}

/** Neighbours of consecutive queries, nearest first; equally near ones by their row. */
export interface NeighborBlock {
  /** Number of the first query of this block (a position in `rows`, not a row). */
  readonly first: number;
  readonly count: number;
  /** Neighbours per query: what was asked for, or all there are. */
  readonly k: number;
  /** [count, k], rows of the index; -1 behind the last one where a filter leaves fewer. */
  readonly indices: Int32Array;
  /** [count, k], distances (float64), or inner products; NaN where there is no neighbour. */
  readonly distances: Float64Array;
}

/** What an exact search knows beyond the lists. */
export interface RankedBlock extends NeighborBlock {
  /**
   * 1-based rank of a row of the index in the whole list of query `i` of the block, however far down it is (among the
   * rows that the filter allows). Valid until the next block is asked for.
   */
  rankOf(i: number, row: number): number;
}

/** How much of the exact lists an index finds. */
export interface Recall {
  /** Length of the lists that were compared. */
  readonly at: number;
  /** How many rows were asked for. */
  readonly sample: number;
  /** Share of the exact neighbours that were found; one that is as near as the last of them counts as it. */
  readonly value: number;
}

/** A searchable set of vectors: exact (`ExactIndex`) or approximate (`HnswIndex`), one interface. */
export interface NeighborIndex {
  readonly space: VectorSpace;
  /** True where the lists are exact by construction. */
  readonly exact: boolean;
  /** 1 where exact; else measured when the index was built. */
  readonly recall: Recall;
  /**
   * Yields blocks in order, so that no more than one is held.
   *
   * @param queries the index's own space (then a row is never its own neighbour, by identity, not by rank), or another
   *   one made with the index's space as `centreOf`
   * @throws Cancelled or the signal's reason when aborted
   */
  search(queries: VectorSpace, k: number, options?: SearchOptions): AsyncIterable<NeighborBlock>;
  /**
   * Takes rows anew: changed ones, and all that `space` has beyond the rows so far. Removed rows come back when named.
   *
   * @param space all vectors, made with the index's space as `centreOf`, with at least as many rows
   */
  update(space: VectorSpace, rows: Int32Array): Promise<void>;
  /** Rows that are no neighbour from now on; they may still be asked for. Unknown and removed rows are ignored. */
  remove(rows: Int32Array): void;
  dispose(): void;
}
