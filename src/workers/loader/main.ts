import { workerData } from 'node:worker_threads';
import { openPixelCache } from '#images/pixel-cache/pixel-cache.ts';
import { ShuffledBatches } from '#learn/samplers/shuffled-batches.ts';
import { AugmentedBatches } from './augmented-batch.ts';
import { CONSUMED, type LoaderJob, PRODUCED, SLOTS } from './loader-job.ts';

/** A thread of the training process: prepares batches ahead of the trainer, and sleeps while all slots are full. */
const job = workerData as LoaderJob;
const { libraryPath, shorterSide, items, labels, batch, size } = job;
const cache = await openPixelCache({ libraryPath, shorterSide, items });
const sampler = new ShuffledBatches(items.length, batch, job.seed);
const augmented = new AugmentedBatches(cache, job);
const control = new Int32Array(job.control);
const slotValues = sampler.batch * size * size * 3;

for (let step = job.firstStep; step < job.endStep; step++) {
  const produced = step - job.firstStep;
  for (;;) {
    const consumed = Atomics.load(control, CONSUMED);
    if (produced - consumed < SLOTS) break;
    Atomics.wait(control, CONSUMED, consumed);
  }
  const slot = produced % SLOTS;
  const samples = sampler.samplesOf(step);
  augmented.fill(
    samples,
    sampler.epochOf(step),
    new Float32Array(job.images, slot * slotValues * 4, slotValues),
  );
  const batchLabels = new Int32Array(job.batchLabels, slot * sampler.batch * 4, sampler.batch);
  for (const [i, sample] of samples.entries()) batchLabels[i] = labels[sample] as number;
  Atomics.store(control, PRODUCED, produced + 1);
  Atomics.notify(control, PRODUCED);
}
cache.close();
