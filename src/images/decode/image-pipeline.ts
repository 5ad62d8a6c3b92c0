import sharp, { type Sharp } from 'sharp';
import { ImageProblem } from './image-problem.ts';
import { type ImageFormat, READABLE_FORMATS, sniffFormat } from './sniff-format.ts';

/** Larger pictures are refused before a pixel is decoded: 2^28, as 16,384 x 16,384. */
export const MAX_PIXELS = 2 ** 28;
/** A decode that takes longer is given up. */
export const MAX_SECONDS = 30;

/** One thread an image: several images are decoded at once, which is faster than several threads for one. */
sharp.concurrency(1);
/** Every file is read once: libvips' cache of operations would only hold memory. */
sharp.cache(false);

export interface OpenedImage {
  readonly format: ImageFormat;
  readonly pipeline: Sharp;
}

/**
 * Opens the bytes of a file (or, with `path`, a file of which `bytes` is the beginning) for decoding by what they are, not by the file's name. The pipeline is upright (EXIF), at its
 * first frame, within the limits, and fails on truncated or damaged data.
 * @throws ImageProblem empty-file, not-an-image, unsupported-format
 */
export function openImage(bytes: Uint8Array, path?: string): OpenedImage {
  if (bytes.length === 0) throw new ImageProblem('empty-file', 'The file is empty.');
  const format = sniffFormat(bytes);
  if (format === null) throw new ImageProblem('not-an-image', 'The content is not an image.');
  if (!READABLE_FORMATS.has(format)) {
    throw new ImageProblem(
      'unsupported-format',
      `${format.toUpperCase()} files cannot be read. Save the picture as PNG or JPEG.`,
    );
  }
  if (format === 'webp' && path === undefined && riffLength(bytes) > bytes.length) {
    throw new ImageProblem('truncated', 'The file ends too early (WebP names a greater length).');
  }
  const pipeline = sharp(path ?? bytes, {
    failOn: 'error',
    limitInputPixels: MAX_PIXELS,
    autoOrient: true,
    pages: 1,
  });
  return { format, pipeline };
}

/** Pictures below this decode in well under a second; watching the clock would cost a fifth of a small one's time. */
const WATCHED_PIXELS = 2 ** 22;

/** Gives up a decode that takes too long. */
export const limitTime = (pipeline: Sharp, pixels: number): Sharp =>
  pixels < WATCHED_PIXELS ? pipeline : pipeline.timeout({ seconds: MAX_SECONDS });

/** Ends a pipeline in 8-bit sRGB without transparency: what shows through is white. */
export const toRgb = (pipeline: Sharp): Sharp =>
  pipeline.flatten({ background: '#ffffff' }).toColourspace('srgb').raw({ depth: 'uchar' });

/** Bytes that a WebP file says it has. */
const riffLength = (bytes: Uint8Array): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, true) + 8;
