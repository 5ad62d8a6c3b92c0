import { open, readFile, stat } from 'node:fs/promises';
import type { KnownFile } from '#catalog/known-files.ts';
import type { FoundFile } from '#datasets/folder/walk-folder.ts';
import { ImageProblem, toImageProblem } from '#images/decode/image-problem.ts';
import { SNIFF_BYTES, sniffFormat } from '#images/decode/sniff-format.ts';
import { hashBytes, hashFile } from '#images/hash/hash-file.ts';
import { inspectImage } from '#images/thumbnails/inspect-image.ts';
import { hasThumbnail, writeThumbnail } from '#images/thumbnails/thumbnail-file.ts';
import type { ImportedImage } from '#shared/worker/import.ts';

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
  const { size, mtimeMs } = await problemsOf(stat(file.diskPath));
  const modifiedMs = Math.trunc(mtimeMs);
  if (
    known?.sizeBytes === size &&
    known.modifiedMs === modifiedMs &&
    (await hasThumbnail(libraryPath, known.contentHash))
  ) {
    return 'unchanged';
  }
  const large = size > MAX_IN_MEMORY_BYTES;
  if ((large || !file.namedAsImage) && sniffFormat(await problemsOf(readHead(file.diskPath))) === null) {
    if (!file.namedAsImage) return 'other';
    throw new ImageProblem('not-an-image', 'The content is not an image.');
  }
  // What lies beside the class folders and is an image by content only.
  if (file.className === '') throw new ImageProblem('no-class', 'The image lies beside the class folders.');
  const bytes = await problemsOf(large ? readHead(file.diskPath) : readFile(file.diskPath));
  const inspected = await inspectImage(bytes, large ? file.diskPath : undefined);
  const contentHash = large ? await problemsOf(hashFile(file.diskPath)) : hashBytes(bytes);
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
    sizeBytes: size,
    modifiedMs,
  };
}

async function readHead(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const head = new Uint8Array(SNIFF_BYTES);
    const { bytesRead } = await handle.read(head, 0, SNIFF_BYTES, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Failures of reading are about the file; those of writing (a full disk) are not and pass through. */
const problemsOf = <T>(reading: Promise<T>): Promise<T> =>
  reading.catch((error: unknown) => {
    throw toImageProblem(error);
  });
