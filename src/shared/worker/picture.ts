/** One picture asked of the process that resizes originals for the window. */
export interface PictureRequest {
  readonly id: number;
  /** Folder of the dataset: the real path must lie inside it. */
  readonly rootPath: string;
  /** Relative to it, with forward slashes. */
  readonly path: string;
  /** Wanted width in pixels; smaller pictures are not enlarged. */
  readonly width: number;
}

export type PictureReply =
  | { readonly id: number; readonly jpeg: Uint8Array }
  | { readonly id: number; readonly code: string; readonly message: string };
