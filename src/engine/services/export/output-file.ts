import { randomBytes } from 'node:crypto';
import { type FileHandle, link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '#shared/rpc/errors.ts';
import { storageError } from '#catalog/errors.ts';

/**
 * Writes a file whole or not at all: under a temporary name beside it, synced, then given its name. An existing file is
 * replaced only when `overwrite` is set, also when it appeared meanwhile.
 *
 * @param fill writes with `writeFile`, which goes on where the last piece ended; `write` may stop halfway and not say so
 * @throws UserError conflict, no-space, no-permission
 */
export async function writeWhole(
  path: string,
  overwrite: boolean,
  fill: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const temporary = join(dirname(path), `.plumage-${randomBytes(6).toString('hex')}.part`);
  try {
    await mkdir(dirname(path), { recursive: true });
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
    throw storageError(error, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

export function existing(path: string): UserError {
  return new UserError('conflict', `${path} exists. Choose another name, or ask for it to be overwritten.`);
}
