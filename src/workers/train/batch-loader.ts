import { Worker } from 'node:worker_threads';
import { createSampler } from '#learn/samplers/create-sampler.ts';
import type { BatchSampler } from '#learn/samplers/batch-sampler.ts';
import type { MinedSet } from '#learn/samplers/mined-set.ts';
import { ThreadFailure } from '../host/thread-failure.ts';
import { BEGUN, CONSUMED, type EpochMessage, type LoaderJob, PRODUCED, SLOTS } from '../loader/loader-job.ts';

export interface LoadedBatch {
  /** Float32 [batch, size, size, 3], values 0 to 255; valid until `release`. */
  readonly images: Float32Array;
  readonly labels: Int32Array;
  /** How long the trainer waited for it. */
  readonly waitMs: number;
}

type Options = Omit<LoaderJob, 'control' | 'images' | 'batchLabels'>;

/** The trainer's side of the loader thread: batches in order, one at a time. */
export class BatchLoader {
  readonly #thread: Worker;
  readonly #control: Int32Array<SharedArrayBuffer>;
  readonly #images: SharedArrayBuffer;
  readonly #labels: SharedArrayBuffer;
  readonly #sampler: BatchSampler;
  readonly #firstStep: number;
  readonly #batch: number;
  readonly #values: number;
  readonly #failure: ThreadFailure;
  readonly #nowMs: () => number;
  #taken = 0;
  /** Steps before this one have what their batches depend on. */
  #knownUntil: number;

  constructor(options: Options, nowMs: () => number) {
    this.#sampler = createSampler(options, options.labels, options.seed);
    this.#firstStep = options.firstStep;
    this.#knownUntil = options.firstStep;
    this.#batch = this.#sampler.batch;
    this.#values = this.#batch * options.size * options.size * 3;
    this.#control = new Int32Array(new SharedArrayBuffer(12));
    this.#images = new SharedArrayBuffer(SLOTS * this.#values * 4);
    this.#labels = new SharedArrayBuffer(SLOTS * this.#batch * 4);
    this.#nowMs = nowMs;
    const workerData: LoaderJob = {
      ...options,
      control: this.#control.buffer,
      images: this.#images,
      batchLabels: this.#labels,
    };
    this.#thread = new Worker(loaderEntry(), { workerData });
    this.#failure = new ThreadFailure(this.#thread);
  }

  /** Whether every epoch waits for `beginEpoch`. */
  get usesNearestClasses(): boolean {
    return this.#sampler.usesNearestClasses;
  }

  /**
   * Hands over what the batches of an epoch depend on. Where `usesNearestClasses`, it comes once before the first `next`
   * of every epoch, that of a resumed run's unfinished epoch included; the thread prepares no batch of an epoch before.
   * Other samplers prepare ahead across epochs and need no call; one does no harm.
   *
   * @param epoch counted from 0
   * @param nearestClasses [classes, m] for each class its nearest others, nearest first, as the epoch began with them
   *   (a resumed run hands over the same again); null while nothing is known: classes are drawn at random then
   * @param mined the triplets that samplers of mined batches draw from
   * @param until the step before which more is handed over, inside the epoch where it is mined again there
   */
  beginEpoch(
    epoch: number,
    nearestClasses: Int32Array | null,
    mined: MinedSet | null = null,
    until = (epoch + 1) * this.#sampler.stepsPerEpoch,
  ): void {
    if (!this.usesNearestClasses || until <= this.#knownUntil) return;
    this.#knownUntil = until;
    const message: EpochMessage = { epoch, nearestClasses, mined, until };
    this.#thread.postMessage(message);
    Atomics.add(this.#control, BEGUN, 1);
    Atomics.notify(this.#control, BEGUN);
  }

  /**
   * The next batch, when it is ready.
   * @throws what ended the thread; Error where the epoch should have been begun first: nobody would wake the thread
   */
  async next(): Promise<LoadedBatch> {
    const step = this.#firstStep + this.#taken;
    if (this.usesNearestClasses && step >= this.#knownUntil)
      throw new Error(
        `beginEpoch(${String(this.#sampler.epochOf(step))}, …) has to come before batch ${String(step)}`,
      );
    const started = this.#nowMs();
    for (;;) {
      const produced = Atomics.load(this.#control, PRODUCED);
      if (produced > this.#taken) break;
      const wait = Atomics.waitAsync(this.#control, PRODUCED, produced);
      if (wait.async) await this.#failure.orThrow(wait.value);
    }
    const slot = this.#taken % SLOTS;
    return {
      images: new Float32Array(this.#images, slot * this.#values * 4, this.#values),
      labels: new Int32Array(this.#labels, slot * this.#batch * 4, this.#batch),
      waitMs: this.#nowMs() - started,
    };
  }

  /** Gives the slot of the last batch back to the thread. */
  release(): void {
    this.#taken += 1;
    Atomics.store(this.#control, CONSUMED, this.#taken);
    Atomics.notify(this.#control, CONSUMED);
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }
}

/** Source starts source; in a build, this code is in `workers/train.js` or in `chunks/`. */
const loaderEntry = (): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL('../loader/main.ts', import.meta.url)
    : new URL('../workers/loader.js', import.meta.url);
