import { Worker } from 'node:worker_threads';
import { ThreadFailure } from '../host/thread-failure.ts';
import { CONSUMED, type LoaderJob, PRODUCED, SLOTS } from '../loader/loader-job.ts';

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
  readonly #batch: number;
  readonly #values: number;
  readonly #failure: ThreadFailure;
  readonly #nowMs: () => number;
  #taken = 0;

  constructor(options: Options, nowMs: () => number) {
    this.#batch = Math.min(options.batch, options.items.length);
    this.#values = this.#batch * options.size * options.size * 3;
    this.#control = new Int32Array(new SharedArrayBuffer(8));
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

  async next(): Promise<LoadedBatch> {
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
