import { createRandom, shuffledIndices } from '../random/counter-random.ts';
import type { BatchSampler } from './batch-sampler.ts';
import type { ClassPlan, ClassPlanFacts } from './class-plan.ts';
import { RANDOM_STREAM } from './shuffled-batches.ts';

export interface ClassBatchesOptions {
  /** [samples], class numbers from 0; every class has a sample. */
  readonly labels: Int32Array;
  readonly seed: number;
  readonly batch: number;
  readonly imagesPerClass: number;
  readonly planOf: (facts: ClassPlanFacts) => ClassPlan;
}

/**
 * Batches of classes with `imagesPerClass` images each: a plan says which classes, this says which of their images.
 *
 * An epoch is as long as with shuffled batches: floor(samples / batch) steps, at least one. Within an epoch a class goes
 * through its images in a random order, again and again where it is asked for more than it has: no image comes twice
 * more often than another of its class, and a class with fewer than `imagesPerClass` images repeats them inside a batch,
 * as the samplers of the field do.
 */
export class ClassBatches implements BatchSampler {
  readonly batch: number;
  readonly stepsPerEpoch: number;
  readonly repeats = true;
  readonly #imagesPerClass: number;
  readonly #seed: number;
  readonly #members: readonly Int32Array[];
  readonly #plan: ClassPlan;
  #begun: { readonly epoch: number; readonly nearest: Int32Array | null } | null = null;
  #epoch = -1;
  /** [stepsPerEpoch, batch] samples of `#epoch`. */
  #samples: Int32Array = new Int32Array(0);

  constructor({ labels, seed, batch, imagesPerClass, planOf }: ClassBatchesOptions) {
    this.#members = membersOf(labels);
    const classesPerStep = batch / imagesPerClass;
    if (!Number.isInteger(classesPerStep))
      throw new RangeError(`a batch of ${batch} is not a multiple of ${imagesPerClass} images per class`);
    this.batch = batch;
    this.stepsPerEpoch = Math.max(1, Math.floor(labels.length / batch));
    this.#imagesPerClass = imagesPerClass;
    this.#seed = seed;
    const sizes = Int32Array.from(this.#members, (members) => members.length);
    this.#plan = planOf({ sizes, steps: this.stepsPerEpoch, classesPerStep });
  }

  get usesNearestClasses(): boolean {
    return this.#plan.usesNearestClasses;
  }

  epochOf(step: number): number {
    return Math.floor(step / this.stepsPerEpoch);
  }

  beginEpoch(epoch: number, nearestClasses: Int32Array | null): void {
    if (!this.usesNearestClasses) return;
    this.#begun = { epoch, nearest: nearestClasses };
    this.#epoch = -1;
  }

  samplesOf(step: number): Int32Array {
    const epoch = this.epochOf(step);
    if (epoch !== this.#epoch) {
      this.#samples = this.#samplesOfEpoch(epoch);
      this.#epoch = epoch;
    }
    const from = (step - epoch * this.stepsPerEpoch) * this.batch;
    return this.#samples.slice(from, from + this.batch);
  }

  #samplesOfEpoch(epoch: number): Int32Array {
    if (this.usesNearestClasses && this.#begun?.epoch !== epoch)
      throw new Error(`the nearest classes of epoch ${epoch} are not known: beginEpoch comes first`);
    const random = createRandom(this.#seed, RANDOM_STREAM.classOrder, epoch);
    const classes = this.#plan.classesOf(random, this.#begun?.nearest ?? null);
    const orders = new Map<number, ImageCycle>();
    const samples = new Int32Array(this.stepsPerEpoch * this.batch);
    let at = 0;
    for (const label of classes) {
      let cycle = orders.get(label);
      if (!cycle) {
        const own = createRandom(this.#seed, RANDOM_STREAM.classImages, epoch, label);
        orders.set(label, (cycle = new ImageCycle(this.#members[label]!, own)));
      }
      for (let k = 0; k < this.#imagesPerClass; k++) samples[at++] = cycle.next();
    }
    return samples;
  }
}

/** A class's images in a random order, without end. */
class ImageCycle {
  readonly #images: Int32Array;
  #at = 0;

  constructor(members: Int32Array, random: ReturnType<typeof createRandom>) {
    this.#images = shuffledIndices(members.length, random).map((i) => members[i]!);
  }

  next(): number {
    return this.#images[this.#at++ % this.#images.length]!;
  }
}

function membersOf(labels: Int32Array): Int32Array[] {
  const members: number[][] = [];
  for (const [sample, label] of labels.entries()) (members[label] ??= []).push(sample);
  for (let label = 0; label < members.length; label++)
    if (!members[label]) throw new RangeError(`class ${label} has no sample`);
  if (members.length === 0) throw new RangeError('there is nothing to sample from');
  return members.map((rows) => Int32Array.from(rows));
}
