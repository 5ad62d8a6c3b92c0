import type { CacheItem } from '#images/pixel-cache/build-cache.ts';
import type { SamplerSettings } from '#learn/samplers/batch-sampler.ts';
import type { MinedSet } from '#learn/samplers/mined-set.ts';

/** Batches that wait ready; two would do, the third absorbs a slow read. */
export const SLOTS = 3;

/** Positions in `control`. */
export const PRODUCED = 0;
export const CONSUMED = 1;
/** Hand-overs by the trainer, counted from 0 with the first; see `EpochMessage`. */
export const BEGUN = 2;

/** Comes before the trainer raises `BEGUN`; only where the sampler uses nearest classes. */
export interface EpochMessage {
  readonly epoch: number;
  /** [classes, m], or null while nothing is known. */
  readonly nearestClasses: Int32Array | null;
  /** What was mined; null where nothing was. */
  readonly mined: MinedSet | null;
  /** The step before which the next hand-over comes: the epoch's end, or the next mining inside of it. */
  readonly until: number;
}

/** What a loader thread is started with. The buffers are shared: it fills them, the trainer reads them. */
export interface LoaderJob extends SamplerSettings {
  readonly libraryPath: string;
  readonly shorterSide: number;
  readonly items: readonly CacheItem[];
  /** Class numbers 0 to classes - 1, one an item. */
  readonly labels: Int32Array;
  readonly size: number;
  readonly seed: number;
  readonly cropScaleMin: number;
  readonly flip: boolean;
  readonly firstStep: number;
  readonly endStep: number;
  /** Int32 [3]: batches produced and consumed, epochs begun. */
  readonly control: SharedArrayBuffer;
  /** Float32 [SLOTS, the sampler's batch, size, size, 3], values 0 to 255. */
  readonly images: SharedArrayBuffer;
  /** Int32 [SLOTS, the sampler's batch]. */
  readonly batchLabels: SharedArrayBuffer;
}
