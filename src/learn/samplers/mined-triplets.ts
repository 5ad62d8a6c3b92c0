import { createRandom, shuffledIndices } from '../random/counter-random.ts';
import type { BatchSampler } from './batch-sampler.ts';
import type { MinedSet } from './mined-set.ts';
import { RandomTriplets } from './random-triplets.ts';
import { RANDOM_STREAM } from './shuffled-batches.ts';

/**
 * Batches of explicit triplets: anchor, positive and negative one after the other, a share of them from the mined set and
 * the others at random (all of them while nothing is mined). Mined triplets come in a random order, each once before one
 * comes again; where a share leaves half a triplet, a draw of the step decides, so that the share holds on the mean.
 *
 * A function of seed, step and mined set. A batch is as many whole triplets as fit: 32 images are 10 triplets.
 */
export class MinedTripletBatches implements BatchSampler {
  readonly batch: number;
  readonly stepsPerEpoch: number;
  readonly usesNearestClasses = true;
  readonly repeats = true;
  readonly #seed: number;
  readonly #random: RandomTriplets;
  #begun = -1;
  #mined: MinedSet | null = null;
  #cycle = -1;
  /** The order of `#cycle`. */
  #order: Int32Array = new Int32Array(0);

  /** @throws RangeError where the batch has no room for a triplet, or the labels have none */
  constructor(labels: Int32Array, batch: number, seed: number) {
    if (batch < 3) throw new RangeError(`a batch of ${batch} has no room for a triplet`);
    this.batch = batch - (batch % 3);
    this.stepsPerEpoch = Math.max(1, Math.floor(labels.length / batch));
    this.#seed = seed;
    this.#random = new RandomTriplets(labels);
  }

  epochOf(step: number): number {
    return Math.floor(step / this.stepsPerEpoch);
  }

  beginEpoch(epoch: number, _nearestClasses: Int32Array | null, mined: MinedSet | null = null): void {
    this.#begun = epoch;
    this.#mined = mined && mined.anchors.length > 0 ? mined : null;
    this.#cycle = -1;
  }

  samplesOf(step: number): Int32Array {
    const epoch = this.epochOf(step);
    if (epoch !== this.#begun)
      throw new Error(`what was mined for epoch ${epoch} is not known: beginEpoch comes first`);
    const triplets = this.batch / 3;
    const random = createRandom(this.#seed, RANDOM_STREAM.minedTriplets, step);
    const wanted = (this.#mined?.share ?? 0) * triplets + random.next();
    const fromMined = Math.min(triplets, Math.floor(wanted));
    const samples = new Int32Array(this.batch);
    for (let i = 0; i < triplets; i++) {
      if (i < fromMined) this.#copyMined(step, i, samples);
      else this.#random.draw(random, samples, 3 * i);
    }
    return samples;
  }

  #copyMined(step: number, i: number, samples: Int32Array): void {
    const { anchors, positives, negatives, from } = this.#mined!;
    const place = Math.max(0, step - from) * (this.batch / 3) + i;
    const cycle = Math.floor(place / anchors.length);
    if (cycle !== this.#cycle) {
      this.#order = shuffledIndices(
        anchors.length,
        createRandom(this.#seed, RANDOM_STREAM.minedOrder, from, cycle),
      );
      this.#cycle = cycle;
    }
    const triplet = this.#order[place - cycle * anchors.length]!;
    samples[3 * i] = anchors[triplet]!;
    samples[3 * i + 1] = positives[triplet]!;
    samples[3 * i + 2] = negatives[triplet]!;
  }
}
