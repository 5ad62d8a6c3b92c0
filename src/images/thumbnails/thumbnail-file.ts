import { closeSync, mkdirSync, openSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isPng } from './picture-kind.ts';
import { findTinyPicture, TINY_HEAD_BYTES, TINY_SEGMENT_BYTES } from './tiny-segment.ts';

/** Longer side of a thumbnail. */
export const THUMBNAIL_SIDE = 256;

type Extension = 'jpg' | 'png';
/** Small PNGs are their own thumbnails; every other is a JPEG. */
const EXTENSIONS: readonly Extension[] = ['jpg', 'png'];

/** `thumbs/<hh>/<content hash>.jpg`, or `.png`, in the library. */
export const thumbnailPath = (
  libraryPath: string,
  contentHash: string,
  extension: Extension = 'jpg',
): string => join(libraryPath, 'thumbs', contentHash.slice(0, 2), `${contentHash}.${extension}`);

/** The tiny picture of an imported image; null where there is no thumbnail of ours. Reads synchronously, under 1 kB. */
export function readTinyPicture(libraryPath: string, contentHash: string): Uint8Array | null {
  for (const extension of EXTENSIONS) {
    const head = readHead(thumbnailPath(libraryPath, contentHash, extension));
    if (head !== null) return findTinyPicture(head);
  }
  return null;
}

function readHead(path: string): Buffer | null {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    const head = Buffer.alloc(TINY_HEAD_BYTES);
    return head.subarray(0, readSync(fd, head, 0, head.length, 0));
  } finally {
    closeSync(fd);
  }
}

/**
 * Writes a thumbnail in one piece under its own name: a second name and a renaming would cost a small picture a fifth of
 * its import. A process that dies between the two leaves an empty file, which `hasThumbnail` does not take for one.
 * Synchronous: a few kilobytes into the page cache take less time than handing them to another thread, in a process
 * that does nothing else.
 */
export function writeThumbnail(libraryPath: string, contentHash: string, picture: Uint8Array): void {
  const path = thumbnailPath(libraryPath, contentHash, isPng(picture) ? 'png' : 'jpg');
  try {
    writeWhole(path, picture);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') mkdirSync(dirname(path), { recursive: true });
    else if (code !== 'EEXIST') throw error;
    // An equal picture's thumbnail is as good; it may be on show.
    else if (isWhole(statSync(path))) return;
    else rmSync(path);
    writeWhole(path, picture);
  }
}

function writeWhole(path: string, bytes: Uint8Array): void {
  const fd = openSync(path, 'wx');
  try {
    writeFileSync(fd, bytes);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}

const isWhole = ({ size }: { readonly size: number }): boolean => size > TINY_SEGMENT_BYTES;

/** Whether a whole thumbnail is there (a power cut may leave an empty file). */
export async function hasThumbnail(libraryPath: string, contentHash: string): Promise<boolean> {
  for (const extension of EXTENSIONS) {
    const path = thumbnailPath(libraryPath, contentHash, extension);
    if (await stat(path).then(isWhole, () => false)) return true;
  }
  return false;
}
