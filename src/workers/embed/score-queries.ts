import type { ClassMembers } from '#learn/miners/class-members.ts';
import { averagePrecisionAtR, firstHitRank, rPrecision, recallAtK } from '#learn/metrics/retrieval.ts';
import type { VectorSpace } from '#learn/space/vector-space.ts';
import type { NeighborBlock, NeighborIndex } from '#search/neighbor-index.ts';

export const RECALL_AT = [1, 2, 4, 8] as const;
const CHUNK = 4096;

/** Per-query results in columns, [queries] each, in the order of `rows`. */
export interface QueryScores {
  /** Rows that have another image of their class. */
  readonly rows: Int32Array;
  readonly recall: Readonly<Record<(typeof RECALL_AT)[number], Float32Array>>;
  readonly rPrecision: Float32Array;
  readonly averagePrecisionAtR: Float32Array;
  /** In the kept list; 0 where it has no hit. */
  readonly firstHitRank: Int32Array;
  /** Distance to the nearest wrong row minus distance to the nearest right one. */
  readonly margin: Float32Array;
  readonly keep: number;
  /** [queries, keep] */
  readonly neighbors: Int32Array;
  readonly distances: Float32Array;
}

export interface ScoreOptions {
  readonly keep: number;
  readonly signal: AbortSignal;
  readonly onBlock: (done: number, total: number) => Promise<void>;
}

/**
 * Scores every row that has a positive against all other rows. Queries with many positives need long lists, so queries
 * are searched in the order of their number of positives, and only the kept part of a list stays in memory.
 */
export async function scoreQueries(
  index: NeighborIndex,
  members: ClassMembers,
  { keep, signal, onBlock }: ScoreOptions,
): Promise<QueryScores> {
  const { space } = index;
  const rows = Int32Array.from(members.labels.keys()).filter((row) => members.positivesOf(row) > 0);
  const columns = emptyColumns(rows, Math.min(keep, space.rows - 1));
  const byPositives = Int32Array.from(rows.keys()).sort(
    (a, b) => members.positivesOf(rows[a]!) - members.positivesOf(rows[b]!) || a - b,
  );
  for (let from = 0; from < rows.length; from += CHUNK) {
    const queries = byPositives.subarray(from, from + CHUNK);
    const chunk = queries.map((query) => rows[query]!);
    const mostPositives = members.positivesOf(chunk.at(-1)!);
    // One more than the positives, so that the nearest wrong row is always among them.
    const depth = Math.max(keep, RECALL_AT.at(-1)!, mostPositives + 1);
    for await (const block of index.search(space, depth, { rows: chunk, signal })) {
      for (let i = 0; i < block.count; i++) {
        scoreOne(columns, queries[block.first + i]!, block, i, members, space);
      }
      await onBlock(from + block.first + block.count, rows.length);
    }
  }
  return columns;
}

function scoreOne(
  columns: QueryScores,
  query: number,
  block: NeighborBlock,
  i: number,
  members: ClassMembers,
  space: VectorSpace,
): void {
  const row = columns.rows[query]!;
  const { labels } = members;
  const found = block.indices.subarray(i * block.k, (i + 1) * block.k);
  const distances = block.distances.subarray(i * block.k, (i + 1) * block.k);
  const hits = Uint8Array.from(found, (other) => (labels[other] === labels[row] ? 1 : 0));
  const relevant = members.positivesOf(row);
  for (const k of RECALL_AT) columns.recall[k][query] = recallAtK(hits, k);
  columns.rPrecision[query] = rPrecision(hits, relevant);
  columns.averagePrecisionAtR[query] = averagePrecisionAtR(hits, relevant);
  columns.firstHitRank[query] = firstHitRank(hits.subarray(0, columns.keep));
  const right = firstHitRank(hits);
  const nearestRight = right > 0 ? distances[right - 1]! : nearestMember(row, members, space);
  columns.margin[query] = distances[hits.indexOf(0)]! - nearestRight;
  columns.neighbors.set(found.subarray(0, columns.keep), query * columns.keep);
  columns.distances.set(distances.subarray(0, columns.keep), query * columns.keep);
}

function nearestMember(row: number, members: ClassMembers, space: VectorSpace): number {
  let key = Infinity;
  for (const member of members.of(members.labels[row]!)) {
    if (member !== row) key = Math.min(key, space.key(row, space, member));
  }
  return space.valueOfKey(key);
}

function emptyColumns(rows: Int32Array, keep: number): QueryScores {
  const column = (): Float32Array => new Float32Array(rows.length);
  return {
    rows,
    recall: { 1: column(), 2: column(), 4: column(), 8: column() },
    rPrecision: column(),
    averagePrecisionAtR: column(),
    firstHitRank: new Int32Array(rows.length),
    margin: column(),
    keep,
    neighbors: new Int32Array(rows.length * keep),
    distances: new Float32Array(rows.length * keep),
  };
}
