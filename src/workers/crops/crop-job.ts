import type { CacheItem } from '#images/pixel-cache/build-cache.ts';

/** Batches that are in the making or in use at once. */
export const SLOTS = 2;

/** What a thread that cuts evaluation views is started with. */
export interface CropJob {
  readonly libraryPath: string;
  readonly shorterSide: number;
  readonly items: readonly CacheItem[];
  readonly size: number;
  readonly resize: number;
  /** Most images in a batch. */
  readonly batch: number;
  /** Bytes [SLOTS, batch, size, size, 3], filled by the thread. */
  readonly pixels: SharedArrayBuffer;
}

/** To the thread: fill a slot with items `first` and on. From it: the slot is filled. */
export interface CropRequest {
  readonly slot: number;
  readonly first: number;
  readonly count: number;
}
