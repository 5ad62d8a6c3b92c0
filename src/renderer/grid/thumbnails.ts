import { mediaUrl } from '../client/media.ts';

export interface ThumbnailOptions {
  readonly load?: (imageId: number, pixels: number, signal: AbortSignal) => Promise<ImageBitmap>;
  /** Bytes of decoded pictures that are kept. */
  readonly budgetBytes?: number;
  readonly parallel?: number;
  /** The time, for fading in: milliseconds. */
  readonly now?: () => number;
}

export interface Thumbnail {
  readonly bitmap: ImageBitmap;
  readonly arrivedAt: number;
}

/**
 * Decoded pictures by image, the ones used last kept: `app://` has no HTTP cache, and decoding is what scrolling waits
 * for. Only what is wanted now is loaded; what was scrolled past is cancelled.
 */
export class Thumbnails {
  readonly #load: (imageId: number, pixels: number, signal: AbortSignal) => Promise<ImageBitmap>;
  readonly #budget: number;
  readonly #parallel: number;
  readonly #now: () => number;
  readonly #kept = new Map<number, Thumbnail>();
  readonly #loading = new Map<number, AbortController>();
  readonly #failed = new Set<number>();
  #bytes = 0;
  #pixels = 256;
  #wanted: readonly number[] = [];
  /** Called when a picture has arrived or failed. */
  onChange: () => void = () => undefined;

  constructor(options: ThumbnailOptions = {}) {
    this.#load = options.load ?? loadThumbnail;
    this.#budget = options.budgetBytes ?? 96 * 1024 * 1024;
    this.#parallel = options.parallel ?? 8;
    this.#now = options.now ?? (() => performance.now());
  }

  get(imageId: number): Thumbnail | undefined {
    return this.#kept.get(imageId);
  }

  hasFailed(imageId: number): boolean {
    return this.#failed.has(imageId);
  }

  get sizeBytes(): number {
    return this.#bytes;
  }

  /** The pictures on show, the most urgent first, at so many pixels. */
  want(imageIds: readonly number[], pixels: number): void {
    const rounded = pixels <= 128 ? 128 : pixels <= 256 ? 256 : 512;
    if (rounded !== this.#pixels) {
      this.clear();
      this.#pixels = rounded;
    }
    this.#wanted = imageIds;
    const wanted = new Set(imageIds);
    for (const [imageId, controller] of this.#loading) {
      if (wanted.has(imageId)) continue;
      this.#loading.delete(imageId);
      controller.abort();
    }
    for (const imageId of imageIds) {
      const kept = this.#kept.get(imageId);
      if (kept === undefined) continue;
      this.#kept.delete(imageId);
      this.#kept.set(imageId, kept);
    }
    this.#pump();
  }

  /** Forgets everything, failures too: after a new engine or another size. */
  clear(): void {
    for (const controller of this.#loading.values()) controller.abort();
    this.#loading.clear();
    for (const { bitmap } of this.#kept.values()) bitmap.close();
    this.#kept.clear();
    this.#failed.clear();
    this.#bytes = 0;
  }

  #pump(): void {
    for (const imageId of this.#wanted) {
      if (this.#loading.size >= this.#parallel) return;
      if (this.#kept.has(imageId) || this.#loading.has(imageId) || this.#failed.has(imageId)) continue;
      void this.#fetch(imageId);
    }
  }

  async #fetch(imageId: number): Promise<void> {
    const controller = new AbortController();
    this.#loading.set(imageId, controller);
    try {
      const bitmap = await this.#load(imageId, this.#pixels, controller.signal);
      if (controller.signal.aborted) bitmap.close();
      else this.#keep(imageId, bitmap);
    } catch {
      // A cell without a picture says so itself; the reason is in the import's list or in the engine's log.
      if (!controller.signal.aborted) this.#failed.add(imageId);
    }
    if (this.#loading.get(imageId) === controller) this.#loading.delete(imageId);
    if (controller.signal.aborted) return;
    this.onChange();
    this.#pump();
  }

  #keep(imageId: number, bitmap: ImageBitmap): void {
    this.#kept.set(imageId, { bitmap, arrivedAt: this.#now() });
    this.#bytes += bytesOf(bitmap);
    const wanted = new Set(this.#wanted);
    for (const [oldest, thumbnail] of this.#kept) {
      if (this.#bytes <= this.#budget) break;
      if (wanted.has(oldest)) continue;
      this.#bytes -= bytesOf(thumbnail.bitmap);
      thumbnail.bitmap.close();
      this.#kept.delete(oldest);
    }
  }
}

function bytesOf(bitmap: ImageBitmap): number {
  return bitmap.width * bitmap.height * 4;
}

/** Reads and decodes one picture off the main thread, no larger than it is drawn. */
async function loadThumbnail(imageId: number, pixels: number, signal: AbortSignal): Promise<ImageBitmap> {
  const response = await fetch(mediaUrl(imageId, pixels), { signal });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const blob = await response.blob();
  signal.throwIfAborted();
  const bitmap = await createImageBitmap(blob);
  const longest = Math.max(bitmap.width, bitmap.height);
  if (longest <= pixels) return bitmap;
  const smaller = await createImageBitmap(bitmap, {
    resizeWidth: Math.max(1, Math.round((bitmap.width / longest) * pixels)),
    resizeHeight: Math.max(1, Math.round((bitmap.height / longest) * pixels)),
    resizeQuality: 'medium',
  });
  bitmap.close();
  return smaller;
}
