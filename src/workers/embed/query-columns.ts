import type { QueryScores } from './score-queries.ts';

/** What the means of queries are made of, by score; every one [queries]. */
export function queryColumns(
  {
    rank,
    averagePrecisionAtR,
    rPrecision,
    knnHit,
  }: Pick<QueryScores, 'rank' | 'averagePrecisionAtR' | 'rPrecision' | 'knnHit'>,
  centroidHit: Float32Array,
  recallAt: readonly number[],
): Record<string, Float32Array> {
  const columns: Record<string, Float32Array> = {};
  for (const k of recallAt) columns[`recall@${k}`] = Float32Array.from(rank, (first) => (first <= k ? 1 : 0));
  return {
    ...columns,
    'precision@1': Float32Array.from(rank, (first) => (first === 1 ? 1 : 0)),
    mrr: Float32Array.from(rank, (first) => 1 / first),
    'map@r': averagePrecisionAtR,
    'r-precision': rPrecision,
    'knn@5': knnHit,
    centroid: centroidHit,
  };
}

/** Scores that have a mean over classes beside the one over queries. */
export const MACRO = ['precision@1', 'knn@5', 'centroid'] as const;
