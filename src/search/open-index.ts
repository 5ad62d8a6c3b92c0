import type { VectorSpace } from '#learn/space/vector-space.ts';
import { type IndexChoice, type SearchPlan, chooseIndex } from './choose-index.ts';
import { ExactIndex } from './exact.ts';
import { type BuildOptions, HnswIndex } from './hnsw/hnsw-index.ts';
import type { NeighborIndex } from './neighbor-index.ts';

export interface OpenedIndex {
  readonly index: NeighborIndex;
  readonly choice: IndexChoice;
}

/**
 * Builds the index that a plan asks for, and says which one and why. Needs a tfjs backend.
 *
 * @param kind chosen by a person instead
 */
export async function openIndex(
  space: VectorSpace,
  plan: Omit<SearchPlan, 'rows' | 'dim'>,
  options: BuildOptions = {},
  kind?: IndexChoice['kind'],
): Promise<OpenedIndex> {
  const choice = chooseIndex({ ...plan, rows: space.rows, dim: space.dim }, kind);
  const index =
    choice.kind === 'exact' ? await ExactIndex.build(space) : await HnswIndex.build(space, options);
  return { index, choice };
}
