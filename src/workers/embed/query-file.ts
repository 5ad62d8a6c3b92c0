import type { ContentStore } from '#catalog/content-store.ts';
import { SafetensorsFile, writeSafetensorsFile } from '#formats/safetensors.ts';
import type { QueryScores } from './score-queries.ts';
import type { SearchedSet } from './searched-set.ts';

/** What the per-query file of an evaluation is made of. */
export interface ScoredQueries {
  readonly queries: QueryScores;
  /** [queries], rows of the embedding. */
  readonly queryRows: Int32Array;
  /** [queries] */
  readonly labels: Int32Array;
  readonly centroidHit: Float32Array;
  /** [rows of the embedding] */
  readonly clusters: Int32Array;
  readonly set: SearchedSet;
}

/** Stores the per-query file of an evaluation (layout: `EvaluateResult`). @returns its content hash */
export async function writeQueryFile(store: ContentStore, scored: ScoredQueries): Promise<string> {
  const { queries: scores, set } = scored;
  const queries = scores.rows.length;
  const temporary = await store.temporaryPath();
  const ints = (name: string, data: Int32Array, shape = [data.length]) =>
    ({ name, dtype: 'I32', shape, data }) as const;
  const floats = (name: string, data: Float32Array, shape = [data.length]) =>
    ({ name, dtype: 'F32', shape, data }) as const;
  await writeSafetensorsFile(temporary, [
    ints('queryRows', scored.queryRows),
    ints('neighbors', scores.neighbors, [queries, scores.keep]),
    floats('distances', scores.distances, [queries, scores.keep]),
    ints('firstHitRank', scores.firstHitRank),
    ints('rank', scores.rank),
    floats('margin', scores.margin),
    floats(
      'recallAt1',
      Float32Array.from(scores.rank, (rank) => (rank === 1 ? 1 : 0)),
    ),
    floats('averagePrecisionAtR', scores.averagePrecisionAtR),
    floats('rPrecision', scores.rPrecision),
    floats('knnHit', scores.knnHit),
    floats('centroidHit', scored.centroidHit),
    ints('labels', scored.labels),
    ints('order', worstFirst(scores)),
    ints('clusters', scored.clusters),
    ...(set.galleryIds === null
      ? []
      : [ints('galleryIds', set.galleryIds), ints('galleryLabels', set.members.labels)]),
  ]);
  return store.putFile(temporary);
}

/** Recall at 1 of the same queries in another evaluation; null where it asked others. */
export async function readBaseline(path: string, rows: Int32Array): Promise<Float32Array | null> {
  const file = await SafetensorsFile.open(path);
  try {
    const theirs = await file.read('queryRows');
    const recallAt1 = await file.read('recallAt1');
    const same = theirs.length === rows.length && rows.every((row, query) => row === theirs[query]);
    return same && recallAt1 instanceof Float32Array ? recallAt1 : null;
  } finally {
    await file.close();
  }
}

/** No hit in the kept list first, then by how much the nearest wrong row wins. */
function worstFirst({ firstHitRank, margin }: Pick<QueryScores, 'firstHitRank' | 'margin'>): Int32Array {
  const missing = (query: number): number => (firstHitRank[query] === 0 ? 0 : 1);
  // Two queries without any wrong neighbour have no margin to compare.
  const by = (a: number, b: number): number => (a === b ? 0 : a - b);
  return Int32Array.from(margin.keys()).sort(
    (a, b) => missing(a) - missing(b) || by(margin[a]!, margin[b]!) || a - b,
  );
}
