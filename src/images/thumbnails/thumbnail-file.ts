import { closeSync, mkdirSync, openSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TINY_BYTES } from '../hash/tiny-picture.ts';

/** Longer side of a thumbnail. */
export const THUMBNAIL_SIDE = 256;

/** `thumbs/<hh>/<content hash>.jpg` in the library. */
export const thumbnailPath = (libraryPath: string, contentHash: string): string =>
  join(libraryPath, 'thumbs', contentHash.slice(0, 2), `${contentHash}.jpg`);

/*
 * The tiny picture that confirms near duplicates travels inside the thumbnail, as an application segment right after the
 * JPEG's first marker: whoever compares pictures reads 800 bytes and decodes nothing.
 */
const SIGNATURE = Buffer.from('PLUMAGE\0', 'latin1');
const SEGMENT_BYTES = 2 + 2 + SIGNATURE.length + TINY_BYTES;
const TINY_OFFSET = 2 + 4 + SIGNATURE.length;

export function withTinyPicture(jpeg: Uint8Array, tiny: Uint8Array): Buffer {
  const out = Buffer.alloc(jpeg.length + SEGMENT_BYTES);
  out.set(jpeg.subarray(0, 2));
  out.writeUInt16BE(0xffe4, 2);
  out.writeUInt16BE(SEGMENT_BYTES - 2, 4);
  out.set(SIGNATURE, 6);
  out.set(tiny, TINY_OFFSET);
  out.set(jpeg.subarray(2), 2 + SEGMENT_BYTES);
  return out;
}

/** The tiny picture of an imported image; null where there is no thumbnail of ours. Reads synchronously, under 1 kB. */
export function readTinyPicture(libraryPath: string, contentHash: string): Uint8Array | null {
  let fd: number;
  try {
    fd = openSync(thumbnailPath(libraryPath, contentHash), 'r');
  } catch {
    return null;
  }
  try {
    const head = Buffer.alloc(TINY_OFFSET + TINY_BYTES);
    if (readSync(fd, head, 0, head.length, 0) < head.length) return null;
    return head.subarray(6, TINY_OFFSET).equals(SIGNATURE) ? head.subarray(TINY_OFFSET) : null;
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
export function writeThumbnail(libraryPath: string, contentHash: string, jpeg: Uint8Array): void {
  const path = thumbnailPath(libraryPath, contentHash);
  try {
    writeWhole(path, jpeg);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') mkdirSync(dirname(path), { recursive: true });
    else if (code !== 'EEXIST') throw error;
    // An equal picture's thumbnail is as good; it may be on show.
    else if (isWhole(statSync(path))) return;
    else rmSync(path);
    writeWhole(path, jpeg);
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

const isWhole = ({ size }: { readonly size: number }): boolean => size > SEGMENT_BYTES;

/** Whether a whole thumbnail is there (a power cut may leave an empty file). */
export const hasThumbnail = (libraryPath: string, contentHash: string): Promise<boolean> =>
  stat(thumbnailPath(libraryPath, contentHash)).then(isWhole, () => false);
