import { type FileHandle, open } from 'node:fs/promises';
import { unreadable } from '../unreadable.ts';
import { refuse } from './weight-file.ts';

/** A file of which ranges are read; a range that is not in the file is refused with a sentence. */
export class FileBytes {
  readonly path: string;
  readonly size: number;
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle, path: string, size: number) {
    this.#handle = handle;
    this.path = path;
    this.size = size;
  }

  /** @throws UserError not-found, no-permission, bad-input */
  static async open(path: string): Promise<FileBytes> {
    try {
      const handle = await open(path, 'r');
      const stats = await handle.stat();
      if (stats.isFile()) return new FileBytes(handle, path, stats.size);
      await handle.close();
      return refuse(path, 'it is not a file. Name the file of weights itself.');
    } catch (error) {
      throw unreadable(error, path);
    }
  }

  /** Bytes `from` to `from + length`. `what` names them where they are not there: "the array conv1.weight". */
  async read(from: number, length: number, what: string): Promise<Uint8Array<ArrayBuffer>> {
    this.check(from, length, what);
    const bytes = new Uint8Array(length);
    let at = 0;
    while (at < length) {
      const { bytesRead } = await this.#handle.read(bytes, at, length - at, from + at);
      if (bytesRead === 0) this.#cutOff(what);
      at += bytesRead;
    }
    return bytes;
  }

  /** @throws UserError bad-input where the range is not in the file */
  check(from: number, length: number, what: string): void {
    const isRange = Number.isSafeInteger(from) && Number.isSafeInteger(length) && from >= 0 && length >= 0;
    if (!isRange || from + length > this.size) this.#cutOff(what);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  #cutOff(what: string): never {
    return refuse(
      this.path,
      `${what} lies beyond its end (${String(this.size)} bytes). It was cut off or damaged: fetch it again.`,
    );
  }
}
