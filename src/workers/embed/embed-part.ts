import { openCatalog } from '#catalog/open.ts';
import { ContentStore } from '#catalog/content-store.ts';
import { type PartRows, readMembers, readPart } from '#catalog/part-reader.ts';
import { type NamedTensor, writeSafetensorsFile } from '#formats/safetensors.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { EmbedResult, EmbedTask } from '#shared/worker/embed.ts';
import { openBackend } from '../backend/open-backend.ts';
import { nextTurn } from '../host/next-turn.ts';
import type { WorkerContext } from '../host/worker-context.ts';
import { numberedClasses } from '../model/class-numbers.ts';
import { openModel } from '../model/open-model.ts';
import { CropLoader } from './crop-loader.ts';

const BATCH = 64;

/** Task `embed`: the vectors of a part under a model, in the rows' order of the split, as a content-addressed file. */
export async function embedPart(task: EmbedTask, context: WorkerContext<'embed'>): Promise<EmbedResult> {
  const started = performance.now();
  const { places, signal } = context;
  const part = rowsOf(task, places.libraryPath);
  const classIds = task.closedSet ? trainedClasses(task.splitId, places.libraryPath) : null;
  const rows = part.imageIds.length;
  const backend = await openBackend(task.backend);
  context.log('info', `Embedding ${rows} images with ${backend.id} ${backend.version}.`);
  const model = await openModel(task.model, places, backend, classIds?.length);
  const loader = await CropLoader.open(part, model, BATCH, context);
  try {
    const vectors = new Float32Array(rows * model.dim);
    const predictions = model.embedAndClassify === null ? null : new Int32Array(rows);
    const phase = `Embedding ${task.part} images`;
    context.progress({ phase, done: 0, total: rows, unit: 'images' });
    for (let first = 0; first < rows; first += BATCH) {
      const count = Math.min(BATCH, rows - first);
      const pixels = await loader.batch(first / BATCH);
      const seen = model.embedAndClassify?.(pixels, count);
      vectors.set(seen?.vectors ?? model.embed(pixels, count), first * model.dim);
      if (seen)
        predictions?.set(
          seen.predictions.map((number) => classIds![number]!),
          first,
        );
      loader.release(first / BATCH);
      context.progress({ phase, done: first + count, total: rows, unit: 'images' });
      await nextTurn(signal);
    }
    refuseNotFinite(vectors, model.dim, part);
    const store = new ContentStore(places.libraryPath);
    const temporary = await store.temporaryPath();
    const column = (name: string, data: Int32Array): NamedTensor => ({
      name,
      dtype: 'I32',
      shape: [rows],
      data: data as Int32Array<ArrayBuffer>,
    });
    await writeSafetensorsFile(temporary, [
      { name: 'vectors', dtype: 'F32', shape: [rows, model.dim], data: vectors },
      column('imageIds', part.imageIds),
      column('labels', part.labels),
      ...(predictions === null ? [] : [column('predictions', predictions)]),
    ]);
    const file = await store.putFile(temporary);
    return { file, rows, dim: model.dim, seconds: (performance.now() - started) / 1000 };
  } finally {
    await loader.close();
    model.dispose();
  }
}

function rowsOf(task: EmbedTask, libraryPath: string): PartRows {
  const catalog = openCatalog(libraryPath, { readonly: true });
  try {
    const part = readPart(catalog, task.splitId, task.part);
    if (part.imageIds.length > 0) return part;
    throw new UserError(
      'bad-input',
      `The split has no ${task.part} images. Choose another part, or make a split that has them.`,
    );
  } finally {
    catalog.close();
  }
}

/** Class ids in the order in which training numbers them. */
function trainedClasses(splitId: string, libraryPath: string): number[] {
  const catalog = openCatalog(libraryPath, { readonly: true });
  try {
    return numberedClasses(readMembers(catalog, splitId, 'train').labels);
  } finally {
    catalog.close();
  }
}

function refuseNotFinite(vectors: Float32Array, dim: number, part: PartRows): void {
  const at = vectors.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const path = part.paths[Math.floor(at / dim)] ?? '';
  throw new UserError(
    'bad-input',
    `The network gives no numbers for ${path}: its weights are damaged or the training diverged. Use an earlier checkpoint.`,
  );
}
