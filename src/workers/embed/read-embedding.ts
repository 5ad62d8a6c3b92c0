import { SafetensorsFile } from '#formats/safetensors.ts';
import type { VectorTable } from '#learn/space/vector-space.ts';
import { UserError } from '#shared/rpc/errors.ts';

/** An embedding file as task `embed` wrote it. */
export interface StoredEmbedding {
  readonly table: VectorTable;
  /** [rows] */
  readonly imageIds: Int32Array;
  /** [rows] */
  readonly labels: Int32Array;
  /** [rows], the classes that the run's own classifier gives; null where it was not asked. */
  readonly predictions: Int32Array | null;
}

/** @throws UserError bad-input where the file holds something else */
export async function readEmbedding(path: string): Promise<StoredEmbedding> {
  const file = await SafetensorsFile.open(path);
  try {
    const [rows = 0, dim = 0] = file.entry('vectors').shape;
    const vectors = await file.read('vectors');
    const imageIds = await file.read('imageIds');
    const labels = await file.read('labels');
    const predictions = file.header.tensors.has('predictions') ? await file.read('predictions') : null;
    const fits =
      vectors instanceof Float32Array &&
      imageIds instanceof Int32Array &&
      labels instanceof Int32Array &&
      (predictions === null || predictions instanceof Int32Array) &&
      imageIds.length === rows &&
      labels.length === rows;
    if (!fits)
      throw new UserError('bad-input', `${path} is no embedding of Plumage. Embed the images again.`);
    return { table: { data: vectors, rows, dim }, imageIds, labels, predictions };
  } finally {
    await file.close();
  }
}
