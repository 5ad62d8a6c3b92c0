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
}

/** @throws UserError bad-input where the file holds something else */
export async function readEmbedding(path: string): Promise<StoredEmbedding> {
  const file = await SafetensorsFile.open(path);
  try {
    const [rows = 0, dim = 0] = file.entry('vectors').shape;
    const vectors = await file.read('vectors');
    const imageIds = await file.read('imageIds');
    const labels = await file.read('labels');
    const fits =
      vectors instanceof Float32Array &&
      imageIds instanceof Int32Array &&
      labels instanceof Int32Array &&
      imageIds.length === rows &&
      labels.length === rows;
    if (!fits)
      throw new UserError('bad-input', `${path} is no embedding of Plumage. Embed the images again.`);
    return { table: { data: vectors, rows, dim }, imageIds, labels };
  } finally {
    await file.close();
  }
}
