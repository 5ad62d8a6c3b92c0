import type { Size } from './pixels.ts';

/**
 * Size of an image resized so that its shorter side is `size`: the longer side is cut to a whole pixel, as in the
 * published pipelines.
 */
export function shorterSideSize({ height, width }: Size, size: number): Size {
  return height <= width
    ? { height: size, width: Math.max(1, Math.floor((size * width) / height)) }
    : { height: Math.max(1, Math.floor((size * height) / width)), width: size };
}
