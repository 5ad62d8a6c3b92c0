import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { openPixelCache } from '#images/pixel-cache/pixel-cache.ts';
import { createSampler } from '#learn/samplers/create-sampler.ts';
import { AugmentedBatches } from './augmented-batch.ts';
import { BEGUN, CONSUMED, type EpochMessage, type LoaderJob, PRODUCED, SLOTS } from './loader-job.ts';

/** A thread of the training process: prepares batches ahead of the trainer, and sleeps while all slots are full. */
const job = workerData as LoaderJob;
const { libraryPath, shorterSide, items, labels, size } = job;
const cache = await openPixelCache({ libraryPath, shorterSide, items });
const sampler = createSampler(job, labels, job.seed);
const augmented = new AugmentedBatches(cache, job);
const control = new Int32Array(job.control);
const slotValues = sampler.batch * size * size * 3;

let handOvers = 0;
let knownUntil = job.firstStep;
/** Sleeps until the trainer has said what the next batches depend on. */
function awaitEpoch(): void {
  Atomics.wait(control, BEGUN, handOvers);
  handOvers += 1;
  const { epoch, nearestClasses, mined, until } = receiveMessageOnPort(parentPort!)!.message as EpochMessage;
  sampler.beginEpoch(epoch, nearestClasses, mined);
  knownUntil = until;
}

for (let step = job.firstStep; step < job.endStep; step++) {
  const produced = step - job.firstStep;
  for (;;) {
    const consumed = Atomics.load(control, CONSUMED);
    if (produced - consumed < SLOTS) break;
    Atomics.wait(control, CONSUMED, consumed);
  }
  const slot = produced % SLOTS;
  const epoch = sampler.epochOf(step);
  if (sampler.usesNearestClasses && step >= knownUntil) awaitEpoch();
  const samples = sampler.samplesOf(step);
  augmented.fill(
    samples,
    sampler.repeats ? { epoch, step } : { epoch },
    new Float32Array(job.images, slot * slotValues * 4, slotValues),
  );
  const batchLabels = new Int32Array(job.batchLabels, slot * sampler.batch * 4, sampler.batch);
  for (const [i, sample] of samples.entries()) batchLabels[i] = labels[sample] as number;
  Atomics.store(control, PRODUCED, produced + 1);
  Atomics.notify(control, PRODUCED);
}
cache.close();
