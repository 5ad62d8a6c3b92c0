import { createRandom, shuffledIndices } from '../random/counter-random.ts';
import type { BatchSampler } from './batch-sampler.ts';

/** Keys that keep the draws of one seed apart. */
export const RANDOM_STREAM = {
  order: 1,
  augmentation: 2,
  method: 3,
  head: 4,
  subset: 5,
  classOrder: 6,
  classImages: 7,
  weights: 8,
  minedTriplets: 9,
  minedOrder: 10,
  minedWindow: 11,
} as const;

/** Every epoch a new order of all samples, cut into whole batches. A function of seed and step: nothing to save. */
export class ShuffledBatches implements BatchSampler {
  readonly usesNearestClasses = false;
  readonly repeats = false;
  readonly batch: number;
  readonly stepsPerEpoch: number;
  readonly #samples: number;
  readonly #seed: number;
  #epoch = -1;
  #order: Int32Array = new Int32Array(0);

  constructor(samples: number, batch: number, seed: number) {
    if (samples < 1) throw new RangeError('there is nothing to sample from');
    this.batch = Math.min(batch, samples);
    this.stepsPerEpoch = Math.max(1, Math.floor(samples / batch));
    this.#samples = samples;
    this.#seed = seed;
  }

  epochOf(step: number): number {
    return Math.floor(step / this.stepsPerEpoch);
  }

  beginEpoch(): void {
    // The order is a function of the seed alone.
  }

  /** Samples of a step, counted from 0. */
  samplesOf(step: number): Int32Array {
    const epoch = this.epochOf(step);
    if (epoch !== this.#epoch) {
      this.#order = shuffledIndices(this.#samples, createRandom(this.#seed, RANDOM_STREAM.order, epoch));
      this.#epoch = epoch;
    }
    const from = (step - epoch * this.stepsPerEpoch) * this.batch;
    return this.#order.slice(from, from + this.batch);
  }
}
