import type { Readable } from 'node:stream';

export interface Media {
  readonly body: Uint8Array | Readable;
  /** MIME type. */
  readonly type: string;
  /** Without quotes; equal as long as the picture and the width are. */
  readonly etag: string;
}

/** Pictures by the id of their image. Resolved by the catalogue: no path ever comes from a URL. */
export interface MediaSource {
  /**
   * @param width wanted width in pixels, 64 to 2048
   * @throws UserError not-found
   */
  open(imageId: number, width: number): Promise<Media>;
}

/** Stored files by content hash. */
export interface BlobSource {
  /** Folder that holds them all. */
  readonly root: string;
  /** Where the file of this hash lies, whether it exists or not. */
  path(hash: string): string;
}
