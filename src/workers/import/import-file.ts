import { stat } from 'node:fs/promises';
import type { KnownFile } from '#catalog/known-files.ts';
import type { FoundFile } from '#datasets/folder/walk-folder.ts';
import { ImageProblem, toImageProblem } from '#images/decode/image-problem.ts';
import { SNIFF_BYTES, sniffFormat } from '#images/decode/sniff-format.ts';
import { hashBytes, hashFile } from '#images/hash/hash-file.ts';
import { type InspectedImage, inspectImage } from '#images/thumbnails/inspect-image.ts';
import { hasThumbnail, writeThumbnail } from '#images/thumbnails/thumbnail-file.ts';
import type { ImportedImage } from '#shared/worker/import.ts';
import { giveBack, openOnce } from './read-once.ts';

/** Files up to this size are read once into memory; larger ones are hashed and decoded from disk. */
const MAX_IN_MEMORY_BYTES = 128 * 2 ** 20;

/**
 * One file of an import: `unchanged` where size, time and thumbnail are as the catalogue knows them, `other` where
 * neither name nor content says image, else its row.
 * @throws ImageProblem
 */
export async function importFile(
  file: FoundFile,
  known: KnownFile | undefined,
  libraryPath: string,
): Promise<ImportedImage | 'unchanged' | 'other'> {
  if (known !== undefined && (await isUnchanged(file, known, libraryPath))) return 'unchanged';
  const opened = await problemsOf(openOnce(file.diskPath));
  const large = opened.sizeBytes > MAX_IN_MEMORY_BYTES;
  let bytes: Uint8Array;
  try {
    if ((large || !file.namedAsImage) && sniffFormat(await problemsOf(opened.read(SNIFF_BYTES))) === null) {
      if (!file.namedAsImage) return 'other';
      throw new ImageProblem('not-an-image', 'The content is not an image.');
    }
    // What lies beside the class folders and is an image by content only.
    if (file.className === '') throw new ImageProblem('no-class', 'The image lies beside the class folders.');
    bytes = await problemsOf(opened.read(large ? SNIFF_BYTES : opened.sizeBytes));
  } finally {
    opened.close();
  }
  let inspected: InspectedImage;
  let contentHash: string;
  try {
    inspected = await inspectImage(bytes, large ? file.diskPath : undefined);
    contentHash = large ? await problemsOf(hashFile(file.diskPath)) : hashBytes(bytes);
  } finally {
    giveBack(bytes);
  }
  writeThumbnail(libraryPath, contentHash, inspected.thumbnail);
  return {
    path: file.path,
    className: file.className,
    contentHash,
    pixelHash: inspected.pixelHash,
    perceptualHash: inspected.perceptualHash,
    width: inspected.width,
    height: inspected.height,
    format: inspected.format,
    channels: inspected.channels,
    sizeBytes: opened.sizeBytes,
    modifiedMs: opened.modifiedMs,
  };
}

async function isUnchanged(file: FoundFile, known: KnownFile, libraryPath: string): Promise<boolean> {
  const { size, mtimeMs } = await problemsOf(stat(file.diskPath));
  return (
    known.sizeBytes === size &&
    known.modifiedMs === Math.trunc(mtimeMs) &&
    (await hasThumbnail(libraryPath, known.contentHash))
  );
}

/** Failures of reading are about the file; those of writing (a full disk) are not and pass through. */
const problemsOf = <T>(reading: Promise<T>): Promise<T> =>
  reading.catch((error: unknown) => {
    throw toImageProblem(error);
  });
