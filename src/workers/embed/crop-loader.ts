import type { PartRows } from '#catalog/part-reader.ts';
import { openPixelCache } from '#images/pixel-cache/pixel-cache.ts';
import { evaluationCrop } from '#images/transforms/evaluation-crop.ts';
import { Resampler } from '#images/transforms/resampler.ts';
import type { WorkerContext } from '../host/worker-context.ts';
import { keptShorterSide } from '../model/kept-shorter-side.ts';
import type { OpenModel } from '../model/open-model.ts';

/** Reads images of a part as the network wants them. */
export interface CropLoader {
  /** @returns [count, size, size, 3] of rows `first` and on; give it back after use */
  load(first: number, count: number): Promise<Uint8Array>;
  giveBack(pixels: Uint8Array): void;
  close(): Promise<void>;
}

/** Decodes what the library's pixel cache lacks, then serves centre crops. */
export async function openCropLoader(
  part: PartRows,
  model: OpenModel,
  context: WorkerContext,
): Promise<CropLoader> {
  const { size, resize } = model;
  const cache = await openPixelCache({
    libraryPath: context.places.libraryPath,
    shorterSide: keptShorterSide(size, resize),
    items: part.paths.map((path, row) => ({
      imageId: part.imageIds[row]!,
      path,
      contentHash: part.contentHashes[row]!,
    })),
    onProgress: (done, total) => context.progress({ phase: 'Decoding images', done, total, unit: 'images' }),
    signal: context.signal,
  });
  const resampler = new Resampler();
  const source = new Uint8Array(cache.maxBytes);
  const imageBytes = size * size * 3;
  const free: Uint8Array[] = [];
  return {
    async load(first, count) {
      const pixels = takeFree(free, count * imageBytes);
      for (let i = 0; i < count; i++) {
        await cache.readInto(first + i, source);
        evaluationCrop(
          resampler,
          { data: source, ...cache.sizeOf(first + i) },
          { resize, crop: size },
          pixels,
          i * imageBytes,
        );
      }
      return pixels;
    },
    giveBack: (pixels) => free.push(pixels),
    close: () => Promise.resolve(cache.close()),
  };
}

function takeFree(free: Uint8Array[], bytes: number): Uint8Array {
  const kept = free.pop();
  return kept !== undefined && kept.length >= bytes ? kept : new Uint8Array(bytes);
}
