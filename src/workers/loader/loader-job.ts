import type { CacheItem } from '#images/pixel-cache/build-cache.ts';

/** Batches that wait ready; two would do, the third absorbs a slow read. */
export const SLOTS = 3;

/** Positions in `control`. */
export const PRODUCED = 0;
export const CONSUMED = 1;

/** What a loader thread is started with. The buffers are shared: it fills them, the trainer reads them. */
export interface LoaderJob {
  readonly libraryPath: string;
  readonly shorterSide: number;
  readonly items: readonly CacheItem[];
  /** Class numbers 0 to classes - 1, one an item. */
  readonly labels: Int32Array;
  readonly size: number;
  readonly batch: number;
  readonly seed: number;
  readonly cropScaleMin: number;
  readonly flip: boolean;
  readonly firstStep: number;
  readonly endStep: number;
  /** Int32 [2]: batches produced and consumed. */
  readonly control: SharedArrayBuffer;
  /** Float32 [SLOTS, batch, size, size, 3], values 0 to 255. */
  readonly images: SharedArrayBuffer;
  /** Int32 [SLOTS, batch]. */
  readonly batchLabels: SharedArrayBuffer;
}
