import { createHash } from 'node:crypto';
import sharp, { type Sharp } from 'sharp';
import { greyToRgb } from '../decode/decode-image.ts';
import { limitTime, openImage, toRgb } from '../decode/image-pipeline.ts';
import { toImageProblem } from '../decode/image-problem.ts';
import { type ImageHeader, readHeader } from '../decode/read-header.ts';
import type { ImageFormat } from '../decode/sniff-format.ts';
import { differenceHash } from '../hash/difference-hash.ts';
import { tinyPicture } from '../hash/tiny-picture.ts';
import type { RgbImage } from '../transforms/pixels.ts';
import { Resampler } from '../transforms/resampler.ts';
import { smallOriginal } from './small-original.ts';
import { THUMBNAIL_SIDE } from './thumbnail-file.ts';
import { withTinyPicture } from './tiny-segment.ts';

/** Everything that an import learns from one decode. */
export interface InspectedImage {
  readonly format: ImageFormat;
  /** Upright, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** SHA-256 of the thumbnail's pixels and size, hex. */
  readonly pixelHash: string;
  readonly perceptualHash: string;
  /** JPEG, or a small PNG itself. */
  readonly thumbnail: Uint8Array;
}

const THUMBNAIL_QUALITY = 82;
const resampler = new Resampler();

/**
 * Decodes once, at thumbnail size: JPEG shrinks while it is decoded; lossless formats and WebP are decoded whole, so
 * that the same picture in another of these containers has the same pixel hash.
 * @throws ImageProblem
 */
export async function inspectImage(bytes: Uint8Array, path?: string): Promise<InspectedImage> {
  try {
    const { format, pipeline } = openImage(bytes, path);
    const known = readHeader(bytes);
    const { width, height, channels } = known ?? (await askHeader(pipeline));
    const { data, info } = await toRgb(
      shrink(limitTime(pipeline, width * height), format, width, height),
    ).toBuffer({ resolveWithObject: true });
    const image = {
      data: info.channels === 3 ? data : greyToRgb(data),
      width: info.width,
      height: info.height,
    };
    const opaque = known !== null && (channels === 1 || channels === 3);
    const small = opaque && fits(width, height) ? smallOriginal(bytes) : null;
    // Encoded on another thread while this one hashes.
    const picture = small ?? encode(image);
    const pixelHash = hashPixels(image.data, image.width);
    const perceptualHash = differenceHash(image);
    const tiny = tinyPicture(image, resampler);
    const thumbnail = withTinyPicture(await picture, tiny);
    giveBack(data);
    return { format, width, height, channels, pixelHash, perceptualHash, thumbnail };
  } catch (error) {
    throw toImageProblem(error);
  }
}

/** Frees decoded pixels at once: the collector, seeing how much memory hangs on few objects, would run often for it. */
function giveBack(pixels: Buffer<ArrayBufferLike>): void {
  const { buffer } = pixels;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === pixels.length) buffer.transfer(0);
}

async function askHeader(pipeline: Sharp): Promise<ImageHeader> {
  const { autoOrient, channels } = await pipeline.metadata();
  return { ...autoOrient, channels };
}

const fits = (width: number, height: number): boolean => width <= THUMBNAIL_SIDE && height <= THUMBNAIL_SIDE;

function shrink(pipeline: Sharp, format: ImageFormat, width: number, height: number): Sharp {
  if (fits(width, height)) return pipeline;
  // An explicit extraction keeps libvips from shrinking WebP while decoding, which changes pixels.
  const whole = format === 'webp' ? pipeline.extract({ left: 0, top: 0, width, height }) : pipeline;
  return whole.resize({
    width: THUMBNAIL_SIDE,
    height: THUMBNAIL_SIDE,
    fit: 'inside',
    withoutEnlargement: true,
  });
}

/** One pass of Huffman coding, as vipsthumbnail has it: a twentieth more bytes for less time. */
const encode = ({ data, width, height }: RgbImage): Promise<Uint8Array> =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: THUMBNAIL_QUALITY, optimiseCoding: false })
    .toBuffer();

/** The width is part of the hash: a flat 2 x 8 picture is not a flat 4 x 4 one. */
function hashPixels(data: Uint8Array, width: number): string {
  return createHash('sha256')
    .update(`${String(width)}\n`)
    .update(data)
    .digest('hex');
}
