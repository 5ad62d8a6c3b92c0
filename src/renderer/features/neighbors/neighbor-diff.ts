import type { Neighbor } from '../../../shared/domain/evaluation.ts';

export interface MarkedNeighbor {
  readonly neighbor: Neighbor;
  /** Not in the other list: it left (before) or entered (after). */
  readonly alone: boolean;
  /** 1-based rank in the other list; null when it is not there. */
  readonly otherRank: number | null;
}

export interface NeighborDiff {
  readonly before: readonly MarkedNeighbor[];
  readonly after: readonly MarkedNeighbor[];
  readonly left: number;
  readonly entered: number;
  readonly hitsBefore: number;
  readonly hitsAfter: number;
}

/** What entered and what left when one list of neighbours became another. Images are told by id, files by path. */
export function diffNeighbors(before: readonly Neighbor[], after: readonly Neighbor[]): NeighborDiff {
  const marked = (own: readonly Neighbor[], other: readonly Neighbor[]): MarkedNeighbor[] => {
    const ranks = new Map(other.map((neighbor, index) => [keyOf(neighbor), index + 1]));
    return own.map((neighbor) => {
      const otherRank = ranks.get(keyOf(neighbor)) ?? null;
      return { neighbor, alone: otherRank === null, otherRank };
    });
  };
  const hits = (list: readonly Neighbor[]): number => list.filter((neighbor) => neighbor.hit === true).length;
  const markedBefore = marked(before, after);
  const markedAfter = marked(after, before);
  return {
    before: markedBefore,
    after: markedAfter,
    left: markedBefore.filter((one) => one.alone).length,
    entered: markedAfter.filter((one) => one.alone).length,
    hitsBefore: hits(before),
    hitsAfter: hits(after),
  };
}

export function keyOf(neighbor: Neighbor): string {
  return neighbor.imageId === null ? `path:${neighbor.path}` : `image:${neighbor.imageId}`;
}
