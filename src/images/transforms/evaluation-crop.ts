import { centerCrop, centerCropWindow } from './center-crop.ts';
import type { RgbImage } from './pixels.ts';
import type { Resampler } from './resampler.ts';
import { shorterSideSize } from './shorter-side.ts';

/**
 * The evaluation view of an image: shorter side resized to `resize`, then the centre `crop` x `crop`, written as
 * [crop, crop, 3] at `offset`. Only the pixels inside the crop are computed; the result is the same.
 */
export function evaluationCrop(
  resampler: Resampler,
  source: RgbImage,
  { resize, crop }: { resize: number; crop: number },
  target: Uint8Array,
  offset = 0,
): void {
  const size = shorterSideSize(source, resize);
  const square = { height: crop, width: crop };
  if (size.height >= crop && size.width >= crop) {
    resampler.resize(source, size, target, { part: centerCropWindow(size, square), offset });
    return;
  }
  // Rare (a crop larger than the resize): through the whole resized image, then padded.
  const data = new Uint8Array(size.height * size.width * 3);
  resampler.resize(source, size, data);
  centerCrop({ data, ...size }, square, target, offset);
}
