import type { ImportProblem } from '../domain/dataset.ts';

export interface ImportTask {
  readonly datasetId: string;
  readonly rootPath: string;
  readonly layout: 'folder';
}

/** One readable image. Unchanged files (same path, size and modification time) are not sent again. */
export interface ImportedImage {
  /** Relative to the root, forward slashes, Unicode NFC. */
  readonly path: string;
  readonly className: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly contentHash: string;
  /** SHA-256 of the decoded pixels at thumbnail size, hex: equal for the same picture in another container. */
  readonly pixelHash: string;
  /** 64-bit difference hash, 16 hex digits. */
  readonly perceptualHash: string;
  /** After EXIF rotation. */
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly channels: number;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

export type ImportEvent =
  | { readonly kind: 'images'; readonly rows: readonly ImportedImage[] }
  | { readonly kind: 'problems'; readonly rows: readonly ImportProblem[] }
  /** Paths that are still there and unchanged since the last import. */
  | { readonly kind: 'unchanged'; readonly paths: readonly string[] };

export interface ImportResult {
  readonly images: number;
  readonly unchanged: number;
  readonly problems: number;
  readonly seconds: number;
}
