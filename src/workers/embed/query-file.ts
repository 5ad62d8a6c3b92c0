import type { ContentStore } from '#catalog/content-store.ts';
import { SafetensorsFile, writeSafetensorsFile } from '#formats/safetensors.ts';
import type { QueryScores } from './score-queries.ts';

/** Stores the per-query file of an evaluation (layout: `EvaluateResult`). @returns its content hash */
export async function writeQueryFile(store: ContentStore, scores: QueryScores): Promise<string> {
  const queries = scores.rows.length;
  const temporary = await store.temporaryPath();
  await writeSafetensorsFile(temporary, [
    { name: 'queryRows', dtype: 'I32', shape: [queries], data: scores.rows },
    { name: 'neighbors', dtype: 'I32', shape: [queries, scores.keep], data: scores.neighbors },
    { name: 'distances', dtype: 'F32', shape: [queries, scores.keep], data: scores.distances },
    { name: 'firstHitRank', dtype: 'I32', shape: [queries], data: scores.firstHitRank },
    { name: 'margin', dtype: 'F32', shape: [queries], data: scores.margin },
    { name: 'recallAt1', dtype: 'F32', shape: [queries], data: scores.recall[1] },
    { name: 'averagePrecisionAtR', dtype: 'F32', shape: [queries], data: scores.averagePrecisionAtR },
    { name: 'order', dtype: 'I32', shape: [queries], data: worstFirst(scores) },
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
export function worstFirst({
  firstHitRank,
  margin,
}: Pick<QueryScores, 'firstHitRank' | 'margin'>): Int32Array {
  const missing = (query: number): number => (firstHitRank[query] === 0 ? 0 : 1);
  return Int32Array.from(margin.keys()).sort(
    (a, b) => missing(a) - missing(b) || margin[a]! - margin[b]! || a - b,
  );
}
