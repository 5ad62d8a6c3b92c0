import { readFile } from 'node:fs/promises';
import type { RgbImage } from '../transforms/pixels.ts';
import { limitTime, openImage, toRgb } from './image-pipeline.ts';
import { toImageProblem } from './image-problem.ts';
import { locateFile } from './locate-file.ts';

export interface DecodeOptions {
  /** The shorter side is brought down to this many pixels (antialiased triangle filter); smaller pictures stay. */
  readonly shorterSide?: number;
}

/**
 * Reads and decodes an image file to upright 8-bit sRGB on white. Not for the engine's own process: decoders run
 * where a crash costs a worker.
 * @throws ImageProblem with a code and a sentence
 */
export async function decodeImage(path: string, options: DecodeOptions = {}): Promise<RgbImage> {
  try {
    return await decodeBytes(await readFile(await locateFile(path)), options);
  } catch (error) {
    throw toImageProblem(error);
  }
}

/** As `decodeImage`, of a file's bytes. */
export async function decodeBytes(bytes: Uint8Array, { shorterSide }: DecodeOptions = {}): Promise<RgbImage> {
  try {
    // The size is not known yet: every decode is watched here.
    let pipeline = limitTime(openImage(bytes).pipeline, Infinity);
    if (shorterSide !== undefined) {
      pipeline = pipeline.resize({
        width: shorterSide,
        height: shorterSide,
        fit: 'outside',
        withoutEnlargement: true,
        kernel: 'linear',
        // JPEG and WebP may be halved while decoding only where another halving follows.
        fastShrinkOnLoad: false,
      });
    }
    const { data, info } = await toRgb(pipeline).toBuffer({ resolveWithObject: true });
    return { data: info.channels === 3 ? data : greyToRgb(data), width: info.width, height: info.height };
  } catch (error) {
    throw toImageProblem(error);
  }
}

/** libvips leaves grey images in one channel. */
export function greyToRgb(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (let i = 0, to = 0; i < grey.length; i++, to += 3) {
    const value = grey[i] as number;
    rgb[to] = value;
    rgb[to + 1] = value;
    rgb[to + 2] = value;
  }
  return rgb;
}
