import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '#shared/rpc/errors.ts';
import { storageError } from './errors.ts';

const HASH = /^[0-9a-f]{64}$/;

/** The file operations that a write needs; tests replace them to play a full disk. */
export interface StoreFiles {
  open(path: string, flags: string): Promise<FileHandle>;
  rename(from: string, to: string): Promise<void>;
}

/**
 * Files of a library by the SHA-256 of their content: `files/<hh>/<sha256>`. Written under a temporary name, synced,
 * renamed, the folder synced: a name that exists has its whole content. Safe from several processes at once, since two
 * writers of one name write the same bytes.
 */
export class ContentStore {
  /** Folder that holds them all. */
  readonly root: string;
  readonly #files: StoreFiles;

  constructor(libraryPath: string, files: StoreFiles = { open, rename }) {
    this.root = join(libraryPath, 'files');
    this.#files = files;
  }

  /** Absolute path of a content hash, whether it exists or not. */
  path(hash: string): string {
    if (!HASH.test(hash)) throw new UserError('bad-input', `"${hash.slice(0, 80)}" is no content hash.`);
    return join(this.root, hash.slice(0, 2), hash);
  }

  has(hash: string): boolean {
    return existsSync(this.path(hash));
  }

  /** Absolute path of a stored file. @throws UserError not-found */
  get(hash: string): string {
    const path = this.path(hash);
    if (!existsSync(path))
      throw new UserError(
        'not-found',
        `The file ${hash.slice(0, 12)}… of the library is missing: ${path}. Make it again, or restore it from a backup.`,
      );
    return path;
  }

  /** A path inside the library for a writer of large files; give it to `putFile` when it is complete. */
  async temporaryPath(): Promise<string> {
    const folder = join(this.root, 'tmp');
    await mkdir(folder, { recursive: true });
    return join(folder, `${process.pid}-${randomBytes(8).toString('hex')}`);
  }

  /** Removes what writers that died left unfinished. Only for the engine, before it starts a writer. */
  async clearTemporary(): Promise<void> {
    await rm(join(this.root, 'tmp'), { recursive: true, force: true });
  }

  /** Stores bytes. @returns their hash @throws UserError no-space, no-permission */
  async put(bytes: Uint8Array | readonly Uint8Array[]): Promise<string> {
    const chunks = bytes instanceof Uint8Array ? [bytes] : bytes;
    const digest = createHash('sha256');
    for (const chunk of chunks) digest.update(chunk);
    const hash = digest.digest('hex');
    if (this.has(hash)) return hash;
    const path = await this.temporaryPath();
    try {
      const handle = await this.#files.open(path, 'wx');
      try {
        for (const chunk of chunks) await handle.writeFile(chunk);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await this.#publish(path, hash);
    } catch (error) {
      await rm(path, { force: true });
      throw storageError(error, this.path(hash));
    }
    return hash;
  }

  /** Takes a finished file (from `temporaryPath`) into the store; its old name is gone afterwards. @returns its hash */
  async putFile(temporary: string): Promise<string> {
    try {
      const hash = await hashOfFile(temporary);
      if (this.has(hash)) {
        await rm(temporary, { force: true });
        return hash;
      }
      const handle = await this.#files.open(temporary, 'r+');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
      await this.#publish(temporary, hash);
      return hash;
    } catch (error) {
      throw storageError(error, temporary);
    }
  }

  /** Whether the stored bytes still have their name as hash. */
  async verify(hash: string): Promise<boolean> {
    return this.has(hash) && (await hashOfFile(this.path(hash))) === hash;
  }

  async sizeBytes(hash: string): Promise<number> {
    return (await stat(this.get(hash))).size;
  }

  /** Forgets a file that nothing names any more. */
  async remove(hash: string): Promise<void> {
    await rm(this.path(hash), { force: true });
  }

  async #publish(temporary: string, hash: string): Promise<void> {
    const folder = join(this.root, hash.slice(0, 2));
    await mkdir(folder, { recursive: true });
    await this.#files.rename(temporary, join(folder, hash));
    await syncFolder(folder);
  }
}

/** SHA-256 of a file in lower-case hex, read in pieces. */
export async function hashOfFile(path: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
    digest.update(chunk as Buffer);
  return digest.digest('hex');
}

/** Makes a rename survive a power cut. Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
