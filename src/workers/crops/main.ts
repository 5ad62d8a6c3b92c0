import { parentPort, workerData } from 'node:worker_threads';
import { openPixelCache } from '#images/pixel-cache/pixel-cache.ts';
import { evaluationCrop } from '#images/transforms/evaluation-crop.ts';
import { Resampler } from '#images/transforms/resampler.ts';
import { type CropJob, type CropRequest, SLOTS } from './crop-job.ts';

/** A thread of the embedding process: cuts evaluation views out of cached images beside the network's work. */
const { libraryPath, shorterSide, items, size, resize, batch, pixels } = workerData as CropJob;
const cache = await openPixelCache({ libraryPath, shorterSide, items });
const resampler = new Resampler();
const source = new Uint8Array(cache.maxBytes);
const imageBytes = size * size * 3;
const slots = Array.from(
  { length: SLOTS },
  (_, slot) => new Uint8Array(pixels, slot * batch * imageBytes, batch * imageBytes),
);

parentPort?.on('message', (request: CropRequest) => {
  const target = slots[request.slot] as Uint8Array;
  for (let i = 0; i < request.count; i++) {
    const index = request.first + i;
    cache.readIntoSync(index, source);
    const image = { data: source, ...cache.sizeOf(index) };
    evaluationCrop(resampler, image, { resize, crop: size }, target, i * imageBytes);
  }
  parentPort?.postMessage(request);
});
