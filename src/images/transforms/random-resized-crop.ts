import type { Size, Window } from './pixels.ts';
import { roundHalfToEven } from './round.ts';

export interface RandomResizedCropOptions {
  /** Least and greatest share of the image's area. */
  readonly scale: readonly [number, number];
  /** Least and greatest width / height. */
  readonly ratio: readonly [number, number];
}

export const DEFAULT_RATIO = [3 / 4, 4 / 3] as const;
const TRIES = 10;

/**
 * Draws the window of a RandomResizedCrop: a random area and a log-uniform aspect ratio, at most ten tries, then the
 * largest central window within the ratios. Takes four numbers a try (area, ratio, top, left), used or not.
 *
 * @param random uniform in [0, 1)
 */
export function randomResizedCropWindow(
  image: Size,
  { scale, ratio }: RandomResizedCropOptions,
  random: () => number,
): Window {
  const area = image.height * image.width;
  const logLow = Math.log(ratio[0]);
  const logHigh = Math.log(ratio[1]);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const target = area * (scale[0] + (scale[1] - scale[0]) * random());
    const aspect = Math.exp(logLow + (logHigh - logLow) * random());
    const down = random();
    const across = random();
    const width = roundHalfToEven(Math.sqrt(target * aspect));
    const height = roundHalfToEven(Math.sqrt(target / aspect));
    if (width > 0 && width <= image.width && height > 0 && height <= image.height) {
      const top = Math.floor(down * (image.height - height + 1));
      const left = Math.floor(across * (image.width - width + 1));
      return { top, left, height, width };
    }
  }
  return centralWindow(image, ratio);
}

function centralWindow(image: Size, ratio: readonly [number, number]): Window {
  const own = image.width / image.height;
  let { height, width } = image;
  if (own < ratio[0]) height = roundHalfToEven(width / ratio[0]);
  else if (own > ratio[1]) width = roundHalfToEven(height * ratio[1]);
  const top = Math.floor((image.height - height) / 2);
  const left = Math.floor((image.width - width) / 2);
  return { top, left, height, width };
}
