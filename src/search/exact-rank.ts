import type { VectorSpace } from '#learn/space/vector-space.ts';

/** One query's scores against all rows of an index. */
export interface RowScores {
  readonly query: number;
  /** A row to leave out, or -1. */
  readonly self: number;
  /** The larger, the nearer, after `minus` was taken off; -Infinity for rows that do not count. */
  readonly scores: Float32Array;
  readonly minus?: Float64Array;
  readonly error: number;
}

/** 1 + how many rows are nearer to the query than `row`, or as near and smaller. */
export function exactRank(queries: VectorSpace, space: VectorSpace, of: RowScores, row: number): number {
  const { query, self, scores, minus, error } = of;
  const own = scores[row]! - (minus?.[row] ?? 0);
  const key = queries.key(query, space, row);
  let rank = 1;
  for (let j = 0; j < space.rows; j++) {
    const score = minus === undefined ? scores[j]! : scores[j]! - minus[j]!;
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
