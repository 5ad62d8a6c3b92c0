import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { UserError } from '#shared/rpc/errors.ts';
import type { RgbImage } from '../transforms/pixels.ts';
import { encodeIndex, type ShardEntry } from './shard-format.ts';

/** A shard is closed at this size: what a killed build loses is at most this much work. */
const SHARD_BYTES = 128 * 2 ** 20;
/** Pixels are written in blocks of about this size. */
const BLOCK_BYTES = 4 * 2 ** 20;

/** Appends decoded images to shards of a folder. Not for calls side by side: await one before the next. */
export class ShardWriter {
  readonly #folder: string;
  #handle: FileHandle | null = null;
  #temporary = '';
  #entries: ShardEntry[] = [];
  #written = 0;
  #block: Uint8Array[] = [];
  #blockBytes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws UserError no-space */
  async add(contentHash: string, image: RgbImage): Promise<void> {
    const data = image.data.subarray(0, image.width * image.height * 3);
    const offset = this.#written + this.#blockBytes;
    this.#entries.push({ contentHash, offset, width: image.width, height: image.height, crc: crc32(data) });
    this.#block.push(data);
    this.#blockBytes += data.length;
    if (this.#blockBytes >= BLOCK_BYTES) await this.#flush();
    if (this.#written >= SHARD_BYTES) await this.finish();
  }

  /** Completes the shard in hand: index, sync, rename. */
  async finish(): Promise<void> {
    if (this.#entries.length === 0) return;
    try {
      await this.#flush();
      const handle = this.#handle as FileHandle;
      await handle.writeFile(encodeIndex(this.#entries, this.#written, crc32));
      await handle.sync();
      await handle.close();
      this.#handle = null;
      const name = `${randomBytes(8).toString('hex')}.pixels`;
      await rename(this.#temporary, join(this.#folder, name));
      this.#entries = [];
      this.#written = 0;
    } catch (error) {
      throw toStorageError(error, this.#folder);
    }
  }

  /** Drops what is not in a complete shard. */
  async discard(): Promise<void> {
    await this.#handle?.close();
    this.#handle = null;
    if (this.#temporary !== '') await rm(this.#temporary, { force: true });
  }

  async #flush(): Promise<void> {
    if (this.#blockBytes === 0) return;
    try {
      if (this.#handle === null) {
        this.#temporary = join(this.#folder, `${String(process.pid)}-${randomBytes(6).toString('hex')}.part`);
        this.#handle = await open(this.#temporary, 'wx');
      }
      await this.#handle.writeFile(Buffer.concat(this.#block));
    } catch (error) {
      throw toStorageError(error, this.#folder);
    }
    this.#written += this.#blockBytes;
    this.#block = [];
    this.#blockBytes = 0;
  }
}

function toStorageError(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new UserError(
    'no-space',
    `The disk is full while writing decoded images to ${folder}. Free some space and start again; what is done is kept.`,
    { cause: error },
  );
}
