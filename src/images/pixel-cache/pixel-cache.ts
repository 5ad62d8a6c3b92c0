import { closeSync, openSync, read, readSync, rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { UserError } from '#shared/rpc/errors.ts';
import type { Size } from '../transforms/pixels.ts';
import { buildCache, type CacheItem } from './build-cache.ts';
import { ShardFolder, type StoredPixels } from './shard-folder.ts';

const readAt = promisify(read);

export interface PixelCacheOptions {
  readonly libraryPath: string;
  /** Images are kept with their shorter side at this many pixels; smaller ones as they are. */
  readonly shorterSide: number;
  readonly items: readonly CacheItem[];
  /** Called as missing images are decoded; not at all when everything is there. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Decoded pixels of `items`, read by position: item `i` is RGB [height, width, 3]. Images that the library does not have
 * at this size yet are decoded first; another dataset adds to the same folder. Several processes may do this at once.
 *
 * @throws UserError not-found where files can no longer be read, no-space; Cancelled
 */
export async function openPixelCache(options: PixelCacheOptions): Promise<PixelCache> {
  const { libraryPath, shorterSide, items, onProgress, signal } = options;
  const folder = new ShardFolder(libraryPath, shorterSide);
  let stored = folder.load();
  const missing = new Map<string, CacheItem>();
  for (const item of items) if (!stored.has(item.contentHash)) missing.set(item.contentHash, item);
  if (missing.size > 0) {
    await buildCache({ folder: folder.path, shorterSide, items: [...missing.values()], onProgress, signal });
    stored = folder.load();
  }
  return new PixelCache(items.map(({ contentHash }) => stored.get(contentHash) as StoredPixels));
}

/** Reads decoded images into the caller's memory. Close it, or let the process end. */
export class PixelCache {
  readonly count: number;
  /** Bytes of the largest image: a buffer of this size holds any. */
  readonly maxBytes: number;
  readonly #entries: readonly StoredPixels[];
  readonly #files = new Map<string, number>();
  /** 1 where the checksum was compared in this session. */
  readonly #verified: Uint8Array;

  constructor(entries: readonly StoredPixels[]) {
    this.#entries = entries;
    this.count = entries.length;
    this.maxBytes = entries.reduce((most, { width, height }) => Math.max(most, width * height * 3), 0);
    this.#verified = new Uint8Array(entries.length);
  }

  sizeOf(index: number): Size {
    const { width, height } = this.#entry(index);
    return { width, height };
  }

  /** Reads item `index` to the beginning of `buffer`. @returns bytes read, height * width * 3 */
  async readInto(index: number, buffer: Uint8Array): Promise<number> {
    const entry = this.#entry(index);
    const bytes = entry.width * entry.height * 3;
    const { bytesRead } = await readAt(this.#file(entry.shard), buffer, 0, bytes, entry.offset);
    return this.#checked(index, entry, buffer, bytesRead);
  }

  /** As `readInto`, without a turn of the event loop: for loader threads. */
  readIntoSync(index: number, buffer: Uint8Array): number {
    const entry = this.#entry(index);
    const bytes = entry.width * entry.height * 3;
    const bytesRead = readSync(this.#file(entry.shard), buffer, 0, bytes, entry.offset);
    return this.#checked(index, entry, buffer, bytesRead);
  }

  close(): void {
    for (const fd of this.#files.values()) closeSync(fd);
    this.#files.clear();
  }

  #entry(index: number): StoredPixels {
    const entry = this.#entries[index];
    if (entry === undefined) throw new RangeError(`The pixel cache has no item ${String(index)}.`);
    return entry;
  }

  #file(shard: string): number {
    let fd = this.#files.get(shard);
    if (fd === undefined) {
      fd = openSync(shard, 'r');
      this.#files.set(shard, fd);
    }
    return fd;
  }

  #checked(index: number, entry: StoredPixels, buffer: Uint8Array, bytesRead: number): number {
    const bytes = entry.width * entry.height * 3;
    if (this.#verified[index] === 1 && bytesRead === bytes) return bytes;
    if (bytesRead !== bytes || crc32(buffer.subarray(0, bytes)) !== entry.crc) {
      // Forgotten at once, so that the next start decodes these images again.
      rmSync(entry.shard, { force: true });
      throw new UserError(
        'conflict',
        `Decoded images in ${entry.shard} were damaged on disk and have been removed. Start again: they are made anew.`,
      );
    }
    this.#verified[index] = 1;
    return bytes;
  }
}
