import { randomBytes } from 'node:crypto';
import { type Stats, statSync } from 'node:fs';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '#shared/rpc/errors.ts';
import { storageError } from '#catalog/errors.ts';

/**
 * Writes a file whole or not at all: under a temporary name beside it, synced, then given its name. An existing file is
 * replaced only when `overwrite` is set, also when it appeared meanwhile.
 *
 * @param fill writes with `writeFile`, which goes on where the last piece ended; `write` may stop halfway and not say so
 * @throws UserError conflict, not-found (no such folder), no-space, no-permission
 */
export async function writeWhole(
  path: string,
  overwrite: boolean,
  fill: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const temporary = join(dirname(path), `.plumage-${randomBytes(6).toString('hex')}.part`);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await fill(handle);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (overwrite) await rename(temporary, path);
    else await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw existing(path);
    // The folder was there when the work began.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw noFolder(path);
    throw storageError(error, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Refuses a place for a file before any work is done for it.
 * @throws UserError not-found (no such folder), conflict (exists, and is not to be overwritten), bad-input (a folder)
 */
export function checkOutput(path: string, overwrite: boolean): void {
  if (!statOf(dirname(path))?.isDirectory()) throw noFolder(path);
  const found = statOf(path);
  if (found?.isDirectory()) throw new UserError('bad-input', `${path} is a folder. Name a file in it.`);
  if (found !== undefined && !overwrite) throw existing(path);
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw storageError(error, path);
  }
}

function noFolder(path: string): UserError {
  return new UserError(
    'not-found',
    `There is no folder ${dirname(path)} to write ${basename(path)} in. Make it first, or choose another.`,
  );
}

function existing(path: string): UserError {
  return new UserError('conflict', `${path} exists. Choose another name, or ask for it to be overwritten.`);
}
