import { Worker } from 'node:worker_threads';
import type { PartRows } from '#catalog/part-reader.ts';
import { openPixelCache } from '#images/pixel-cache/pixel-cache.ts';
import { type CropJob, type CropRequest, SLOTS } from '../crops/crop-job.ts';
import { ThreadFailure } from '../host/thread-failure.ts';
import type { WorkerContext } from '../host/worker-context.ts';
import { keptShorterSide } from '../model/kept-shorter-side.ts';
import type { OpenModel } from '../model/open-model.ts';

/** Images of a part in batches, as the network wants them: a thread cuts the next batch beside the network's work. */
export class CropLoader {
  readonly #thread: Worker;
  readonly #pixels: Uint8Array;
  readonly #batch: number;
  readonly #batchBytes: number;
  readonly #rows: number;
  readonly #waiting = new Map<number, () => void>();
  readonly #filled = new Set<number>();
  readonly #failure: ThreadFailure;

  private constructor(job: CropJob) {
    this.#rows = job.items.length;
    this.#batch = job.batch;
    this.#batchBytes = job.batch * job.size * job.size * 3;
    this.#pixels = new Uint8Array(job.pixels);
    this.#thread = new Worker(threadEntry(), { workerData: job });
    this.#failure = new ThreadFailure(this.#thread);
    this.#thread.on('message', ({ first }: CropRequest) => {
      this.#filled.add(first);
      this.#waiting.get(first)?.();
      this.#waiting.delete(first);
    });
    for (let ahead = 0; ahead < SLOTS; ahead++) this.#ask(ahead);
  }

  /** Decodes what the library's pixel cache lacks, with progress, then starts the thread. */
  static async open(
    part: PartRows,
    model: OpenModel,
    batch: number,
    context: WorkerContext,
  ): Promise<CropLoader> {
    const { size, resize } = model;
    const { libraryPath } = context.places;
    const shorterSide = keptShorterSide(size, resize);
    const items = part.paths.map((path, row) => ({
      imageId: part.imageIds[row]!,
      path,
      contentHash: part.contentHashes[row]!,
    }));
    const cache = await openPixelCache({
      libraryPath,
      shorterSide,
      items,
      onProgress: (done, total) =>
        context.progress({ phase: 'Decoding images', done, total, unit: 'images' }),
      signal: context.signal,
    });
    cache.close();
    const pixels = new SharedArrayBuffer(SLOTS * batch * size * size * 3);
    return new CropLoader({ libraryPath, shorterSide, items, size, resize, batch, pixels });
  }

  /**
   * Batch `index`, in order. Its memory is filled again after `release(index)`.
   * @returns [images of the batch, size, size, 3]
   */
  async batch(index: number): Promise<Uint8Array> {
    const first = index * this.#batch;
    if (!this.#filled.has(first)) {
      const filled = new Promise<void>((resolve) => this.#waiting.set(first, resolve));
      await this.#failure.orThrow(filled);
    }
    const from = (index % SLOTS) * this.#batchBytes;
    return this.#pixels.subarray(from, from + this.#batchBytes);
  }

  /** The batch has been used: its place is filled with the one after the next. */
  release(index: number): void {
    this.#ask(index + SLOTS);
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }

  #ask(index: number): void {
    const first = index * this.#batch;
    const count = Math.min(this.#batch, this.#rows - first);
    if (count > 0) this.#thread.postMessage({ slot: index % SLOTS, first, count } satisfies CropRequest);
  }
}

const threadEntry = (): URL =>
  import.meta.url.endsWith('.ts')
    ? new URL('../crops/main.ts', import.meta.url)
    : new URL('../workers/crops.js', import.meta.url);
