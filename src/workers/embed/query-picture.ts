import { ContentStore } from '#catalog/content-store.ts';
import { decodeImage } from '#images/decode/decode-image.ts';
import { ImageProblem } from '#images/decode/image-problem.ts';
import { evaluationCrop } from '#images/transforms/evaluation-crop.ts';
import { Resampler } from '#images/transforms/resampler.ts';
import type { RgbImage } from '#images/transforms/pixels.ts';
import { VectorSpace } from '#learn/space/vector-space.ts';
import { ExactIndex, collectNeighbors } from '#search/exact.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { QueryResultMessage, QueryTask } from '#shared/worker/embed.ts';
import { openBackend } from '../backend/open-backend.ts';
import type { WorkerContext } from '../host/worker-context.ts';
import { openModel } from '../model/open-model.ts';
import { readEmbedding } from './read-embedding.ts';

/** Task `query`: embeds one picture from disk and finds the nearest rows of an embedding. */
export async function queryPicture(
  task: QueryTask,
  context: WorkerContext<'query'>,
): Promise<QueryResultMessage> {
  const picture = await decoded(task.imagePath);
  const backend = await openBackend(task.backend);
  const model = await openModel(task.model, context.places, backend);
  const { size, resize } = model;
  const pixels = new Uint8Array(size * size * 3);
  evaluationCrop(new Resampler(), picture, { resize, crop: size }, pixels);
  const vector = model.embed(pixels, 1);
  const { table, imageIds } = await readEmbedding(
    new ContentStore(context.places.libraryPath).get(task.embedding),
  );
  const space = new VectorSpace(table, 'cosine');
  const query = new VectorSpace({ data: vector, rows: 1, dim: model.dim }, 'cosine', space);
  const index = await ExactIndex.build(space);
  const { k, indices, distances } = await collectNeighbors(
    index.search(query, task.k, { signal: context.signal }),
  );
  return {
    neighbors: Array.from({ length: k }, (_, i) => ({
      imageId: imageIds[indices[i]!]!,
      distance: distances[i]!,
    })),
  };
}

async function decoded(path: string): Promise<RgbImage> {
  try {
    return await decodeImage(path);
  } catch (error) {
    if (!(error instanceof ImageProblem)) throw error;
    throw new UserError('bad-input', `${path} cannot be used as a query: ${error.message}`, { cause: error });
  }
}
