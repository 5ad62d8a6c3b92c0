import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { UserError } from '#shared/rpc/errors.ts';
import { FileBytes } from './file-bytes.ts';
import { refuse } from './weight-file.ts';

/** Shard files beside a file that names them, read as if they were one. */
export class Shards {
  readonly #path: string;
  readonly #files: readonly FileBytes[];
  readonly size: number;

  private constructor(path: string, files: readonly FileBytes[]) {
    this.#path = path;
    this.#files = files;
    this.size = files.reduce((sum, file) => sum + file.size, 0);
  }

  /** @throws UserError not-found where a shard is missing, bad-input where it would lie outside the model's folder */
  static async open(path: string, shards: readonly string[]): Promise<Shards> {
    const folder = dirname(path);
    const files: FileBytes[] = [];
    try {
      for (const shard of shards) {
        const target = resolve(folder, shard);
        const inside = relative(folder, target);
        if (inside.startsWith('..') || isAbsolute(inside) || inside === '')
          refuse(path, `it names the file "${shard}" outside its own folder. Put it beside.`);
        files.push(await open(target, path, shard));
      }
      return new Shards(path, files);
    } catch (error) {
      for (const file of files) await file.close();
      throw error;
    }
  }

  async read(from: number, length: number, what: string): Promise<Uint8Array<ArrayBuffer>> {
    if (from + length > this.size)
      refuse(
        this.#path,
        `${what} lies beyond the end of the files beside it (${String(this.size)} bytes). Fetch them again.`,
      );
    const bytes = new Uint8Array(length);
    let start = 0;
    for (const file of this.#files) {
      const begin = Math.max(from, start);
      const end = Math.min(from + length, start + file.size);
      if (begin < end) bytes.set(await file.read(begin - start, end - begin, what), begin - from);
      start += file.size;
    }
    return bytes;
  }

  async close(): Promise<void> {
    for (const file of this.#files) await file.close();
  }
}

async function open(target: string, model: string, shard: string): Promise<FileBytes> {
  try {
    return await FileBytes.open(target);
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'not-found') throw error;
    throw new UserError(
      'not-found',
      `${model} names the file "${shard}", which is not beside it. Fetch all its files.`,
      {
        cause: error,
      },
    );
  }
}
