import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '#shared/rpc/errors.ts';
import { bytesToHex } from '#catalog/packed.ts';
import type { Media, MediaSource } from '../http/sources.ts';
import { PictureProcess } from './picture-process.ts';
import type { ServiceContext } from './service-context.ts';

/** Longer side of the thumbnails that the import stores. */
const THUMBNAIL_SIDE = 256;
/** Small PNGs are their own thumbnails. */
const THUMBNAIL_TYPES = [
  ['jpg', 'image/jpeg'],
  ['png', 'image/png'],
] as const;
const CACHE_BYTES = 64 * 1024 * 1024;

export interface Thumbnail {
  readonly body: Uint8Array;
  /** MIME type. */
  readonly type: string;
}

/** Pictures by image id: stored thumbnails as they lie, larger ones resized from the original and kept for a while. */
export class MediaService implements MediaSource {
  readonly #context: ServiceContext;
  readonly #pictures: PictureProcess;
  /** In the order of use, oldest first. */
  readonly #cache = new Map<string, Uint8Array>();
  readonly #underWay = new Map<string, Promise<Uint8Array>>();
  #cachedBytes = 0;

  constructor(context: ServiceContext, pictures = new PictureProcess()) {
    this.#context = context;
    this.#pictures = pictures;
  }

  async open(imageId: number, width: number): Promise<Media> {
    const image = this.#context.images.find(imageId);
    if (image === undefined) throw new UserError('not-found', `There is no image ${imageId}.`);
    const hash = bytesToHex(image.content_hash);
    if (width <= THUMBNAIL_SIDE) {
      const stored = await this.#stored(hash);
      if (stored !== null) return { ...stored, etag: `${hash}-thumb` };
    }
    const etag = `${hash}-${width}`;
    const rootPath = this.#context.datasets.byKey(image.dataset).root_path;
    return {
      body: await this.#resized(etag, { rootPath, path: image.path, width }),
      type: 'image/jpeg',
      etag,
    };
  }

  /** The stored thumbnail; null where there is none. */
  async thumbnail(imageId: number): Promise<Thumbnail | null> {
    const image = this.#context.images.find(imageId);
    return image === undefined ? null : this.#stored(bytesToHex(image.content_hash));
  }

  close(): void {
    this.#pictures.close();
  }

  async #stored(hash: string): Promise<Thumbnail | null> {
    const path = join(this.#context.places.libraryPath, 'thumbs', hash.slice(0, 2), hash);
    for (const [extension, type] of THUMBNAIL_TYPES) {
      const body = await readFile(`${path}.${extension}`).catch(() => null);
      if (body !== null && body.length > 0) return { body, type };
    }
    return null;
  }

  async #resized(
    key: string,
    request: { rootPath: string; path: string; width: number },
  ): Promise<Uint8Array> {
    const cached = this.#cache.get(key);
    if (cached !== undefined) {
      this.#cache.delete(key);
      this.#cache.set(key, cached);
      return cached;
    }
    let work = this.#underWay.get(key);
    if (work === undefined) {
      work = this.#pictures.resize(request).finally(() => this.#underWay.delete(key));
      this.#underWay.set(key, work);
    }
    const jpeg = await work;
    this.#keep(key, jpeg);
    return jpeg;
  }

  #keep(key: string, jpeg: Uint8Array): void {
    if (this.#cache.has(key)) return;
    this.#cache.set(key, jpeg);
    this.#cachedBytes += jpeg.byteLength;
    for (const [oldest, bytes] of this.#cache) {
      if (this.#cachedBytes <= CACHE_BYTES || oldest === key) break;
      this.#cache.delete(oldest);
      this.#cachedBytes -= bytes.byteLength;
    }
  }
}
