/** Decoded RGB, 8 bits a channel, rows from top to bottom: `data` is [height, width, 3]. It may be longer. */
export interface RgbImage {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** A rectangle in pixels; `top` and `left` are its first row and column. */
export interface Window {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

export interface Size {
  readonly height: number;
  readonly width: number;
}

export const wholeImage = ({ height, width }: Size): Window => ({ top: 0, left: 0, height, width });
