import type { EvaluationRecord } from '#catalog/repositories/evaluations.ts';
import type { ServiceContext } from './service-context.ts';
import { type ArrayFile, withArrays } from './stored-array.ts';

/** Image ids and classes (as the split saw them) by row. */
export interface ImageRows {
  readonly imageIds: Int32Array;
  readonly labels: Int32Array;
}

/** Whose rows the stored queries and the stored neighbours of an evaluation are. */
export interface EvaluatedImages {
  readonly queries: ImageRows;
  /** The same object where no other part was searched. */
  readonly neighbors: ImageRows;
}

/** @param scored the evaluation's per-query file */
export async function evaluatedImages(
  { embeddings, catalog }: ServiceContext,
  evaluation: EvaluationRecord,
  scored: ArrayFile,
): Promise<EvaluatedImages> {
  const queries = await withArrays(catalog, embeddings.find(evaluation.embedding)!.file, async (file) => ({
    imageIds: await file.ints('imageIds'),
    labels: await file.ints('labels'),
  }));
  if (!scored.has('galleryIds')) return { queries, neighbors: queries };
  const neighbors = {
    imageIds: await scored.ints('galleryIds'),
    labels: await scored.ints('galleryLabels'),
  };
  return { queries, neighbors };
}
