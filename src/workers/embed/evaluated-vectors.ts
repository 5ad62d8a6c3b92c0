import { ContentStore } from '#catalog/content-store.ts';
import { readLabeledVectors } from '#formats/labeled-vectors.ts';
import type { VectorTable } from '#learn/space/vector-space.ts';
import type { EvaluateTask } from '#shared/worker/embed.ts';
import { readEmbedding } from './read-embedding.ts';

/** Vectors with classes, from the library or from files of another program. */
export interface EvaluatedVectors {
  readonly table: VectorTable;
  readonly labels: Int32Array;
  /** [rows], image ids; for files the rows themselves. */
  readonly ids: Int32Array;
  readonly metric: 'cosine' | 'euclidean';
  /** [rows], the classes that the run's own classifier gives; null where it was not asked. */
  readonly predictions: Int32Array | null;
}

/** @throws UserError not-found, no-permission, bad-input */
export async function readEvaluated(
  input: EvaluateTask['input'],
  libraryPath: string,
): Promise<EvaluatedVectors> {
  if (input.kind === 'embedding') {
    const stored = await readEmbedding(new ContentStore(libraryPath).get(input.file));
    const { table, imageIds, labels, predictions } = stored;
    return { table, labels, ids: imageIds, metric: 'cosine', predictions };
  }
  const { vectors, rows, dim, labels } = await readLabeledVectors(input.embeddings, input.labels);
  const ids = Int32Array.from({ length: rows }, (_, row) => row);
  return { table: { data: vectors, rows, dim }, labels, ids, metric: input.metric, predictions: null };
}
