import { averagePrecisionAtR, firstHitRank, rPrecision, voteOf } from '#learn/metrics/retrieval.ts';
import type { ExactIndex } from '#search/exact.ts';
import type { RankedBlock } from '#search/neighbor-index.ts';
import { type SearchedSet, positivesOf } from './searched-set.ts';

/** Neighbours that vote for a class. */
export const VOTERS = 5;
const CHUNK = 4096;

/** Per-query results in columns, [queries] each, in the order of `rows`. */
export interface QueryScores {
  /** Rows of the queries' space that have an image of their class in the gallery. */
  readonly rows: Int32Array;
  /** 1-based rank of the first hit, however far down. */
  readonly rank: Int32Array;
  readonly rPrecision: Float32Array;
  readonly averagePrecisionAtR: Float32Array;
  /** 1 where the vote of the nearest five is the query's class. */
  readonly knnHit: Float32Array;
  /** In the kept list; 0 where it has no hit. */
  readonly firstHitRank: Int32Array;
  /** Distance to the nearest wrong row minus distance to the nearest right one. */
  readonly margin: Float32Array;
  readonly keep: number;
  /** [queries, keep], rows of the gallery as `galleryRows` names them. */
  readonly neighbors: Int32Array;
  readonly distances: Float32Array;
}

export interface ScoreOptions {
  readonly keep: number;
  readonly signal: AbortSignal;
  readonly onBlock: (done: number, total: number) => Promise<void>;
}

/**
 * Scores every query that can have a hit. Queries with many positives need long lists, so queries are searched in the
 * order of their number of positives, and only the kept part of a list stays in memory. Recall at any rank follows from
 * the rank of the first hit, which is counted where the list is too short.
 */
export async function scoreQueries(
  index: ExactIndex,
  set: SearchedSet,
  { keep, signal, onBlock }: ScoreOptions,
): Promise<QueryScores> {
  const self = set.queries === set.gallery ? 1 : 0;
  const positives = Int32Array.from(set.queryLabels, (_, row) => positivesOf(set, row));
  const rows = Int32Array.from(positives.keys()).filter((row) => positives[row]! > 0);
  const columns = emptyColumns(rows, Math.min(keep, set.gallery.rows - self));
  const byPositives = Int32Array.from(rows.keys()).sort(
    (a, b) => positives[rows[a]!]! - positives[rows[b]!]! || a - b,
  );
  for (let from = 0; from < rows.length; from += CHUNK) {
    const queries = byPositives.subarray(from, from + CHUNK);
    const chunk = queries.map((query) => rows[query]!);
    // One more than the positives, so that the nearest wrong row is always among them.
    const depth = Math.max(columns.keep, VOTERS, positives[chunk.at(-1)!]! + 1);
    for await (const block of index.search(set.queries, depth, { rows: chunk, signal })) {
      for (let i = 0; i < block.count; i++) {
        const query = queries[block.first + i]!;
        scoreOne(columns, query, block, i, set, positives[rows[query]!]!);
      }
      await onBlock(from + block.first + block.count, rows.length);
    }
  }
  return columns;
}

function scoreOne(
  columns: QueryScores,
  query: number,
  block: RankedBlock,
  i: number,
  set: SearchedSet,
  relevant: number,
): void {
  const row = columns.rows[query]!;
  const label = set.queryLabels[row]!;
  const { labels } = set.members;
  const found = block.indices.subarray(i * block.k, (i + 1) * block.k);
  const distances = block.distances.subarray(i * block.k, (i + 1) * block.k);
  const hits = Uint8Array.from(found, (other) => (labels[other] === label ? 1 : 0));
  columns.rPrecision[query] = rPrecision(hits, relevant);
  columns.averagePrecisionAtR[query] = averagePrecisionAtR(hits, relevant);
  const voters = found.subarray(0, VOTERS).map((other) => labels[other]!);
  columns.knnHit[query] = voteOf(voters) === label ? 1 : 0;
  columns.firstHitRank[query] = firstHitRank(hits.subarray(0, columns.keep));
  const listed = firstHitRank(hits);
  const right = listed > 0 ? found[listed - 1]! : nearestMember(row, set);
  columns.rank[query] = listed > 0 ? listed : block.rankOf(i, right);
  const wrong = hits.indexOf(0);
  const key = set.queries.key(row, set.gallery, right);
  columns.margin[query] = wrong < 0 ? Infinity : distances[wrong]! - set.gallery.valueOfKey(key);
  for (let at = 0; at < columns.keep; at++) {
    columns.neighbors[query * columns.keep + at] = set.galleryRows[found[at]!]!;
    columns.distances[query * columns.keep + at] = distances[at]!;
  }
}

function nearestMember(row: number, { queries, queryLabels, gallery, members }: SearchedSet): number {
  let nearest = -1;
  let least = Infinity;
  for (const member of members.of(queryLabels[row]!)) {
    if (queries === gallery && member === row) continue;
    const key = queries.key(row, gallery, member);
    if (key < least) {
      nearest = member;
      least = key;
    }
  }
  return nearest;
}

function emptyColumns(rows: Int32Array, keep: number): QueryScores {
  const column = (): Float32Array => new Float32Array(rows.length);
  return {
    rows,
    rank: new Int32Array(rows.length),
    rPrecision: column(),
    averagePrecisionAtR: column(),
    knnHit: column(),
    firstHitRank: new Int32Array(rows.length),
    margin: column(),
    keep,
    neighbors: new Int32Array(rows.length * keep),
    distances: new Float32Array(rows.length * keep),
  };
}
