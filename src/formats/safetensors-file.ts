import { type FileHandle, open } from 'node:fs/promises';
import { UserError } from '#shared/rpc/errors.ts';
import {
  ARRAY_OF_DTYPE,
  type SafetensorsHeader,
  type TensorData,
  type TensorDtype,
  type TensorEntry,
  elementCount,
  encodeHeader,
  headerLength,
  parseHeader,
} from './safetensors-header.ts';

interface Declared {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
}

/** A safetensors file on disk, of which single tensors or row ranges are read. */
export class SafetensorsFile {
  readonly header: SafetensorsHeader;
  readonly #handle: FileHandle;
  readonly #path: string;

  private constructor(handle: FileHandle, path: string, header: SafetensorsHeader) {
    this.#handle = handle;
    this.#path = path;
    this.header = header;
  }

  /** @throws UserError `bad-input` where the header is wrong or the file is cut off. */
  static async open(path: string): Promise<SafetensorsFile> {
    const handle = await open(path, 'r');
    try {
      const { size } = await handle.stat();
      const first = new Uint8Array(Math.min(8, size));
      await readFully(handle, first, 0, path);
      const json = new Uint8Array(headerLength(first, size, path));
      await readFully(handle, json, 8, path);
      return new SafetensorsFile(handle, path, parseHeader(json, size, path));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** @throws UserError `bad-input` where there is no such tensor. */
  entry(name: string): TensorEntry {
    const entry = this.header.tensors.get(name);
    if (entry) return entry;
    const names = [...this.header.tensors.keys()].slice(0, 8).join(', ');
    throw new UserError('bad-input', `${this.#path} has no tensor "${name}"; it has ${names || 'none'}.`);
  }

  /** All values of one tensor, row-major. */
  async read(name: string): Promise<TensorData> {
    const entry = this.entry(name);
    return this.#readBytes(entry, entry.begin, entry.end);
  }

  /** Values of rows `from` (included) to `to` (excluded) of the first axis. */
  async readRows(name: string, from: number, to: number): Promise<TensorData> {
    const entry = this.entry(name);
    const rows = entry.shape[0] ?? 1;
    if (from < 0 || to > rows || from > to) {
      throw new RangeError(`rows ${String(from)} to ${String(to)} of "${name}", which has ${String(rows)}`);
    }
    const rowBytes = elementCount(entry.shape.slice(1)) * ARRAY_OF_DTYPE[entry.dtype].BYTES_PER_ELEMENT;
    return this.#readBytes(entry, entry.begin + from * rowBytes, entry.begin + to * rowBytes);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #readBytes(entry: TensorEntry, begin: number, end: number): Promise<TensorData> {
    const bytes = new Uint8Array(end - begin);
    await readFully(this.#handle, bytes, this.header.dataOffset + begin, this.#path);
    return new ARRAY_OF_DTYPE[entry.dtype](bytes.buffer);
  }
}

/**
 * Writes a safetensors file in one pass: shapes are declared first, then values are appended in that order,
 * in pieces of any size. The caller chooses the (temporary) path and renames it afterwards.
 */
export class SafetensorsWriter {
  readonly #handle: FileHandle;
  readonly #dataBytes: number;
  #written = 0;

  private constructor(handle: FileHandle, dataBytes: number) {
    this.#handle = handle;
    this.#dataBytes = dataBytes;
  }

  static async create(
    path: string,
    tensors: readonly Declared[],
    metadata: Readonly<Record<string, string>> = {},
  ): Promise<SafetensorsWriter> {
    const { bytes, entries } = encodeHeader(tensors, metadata);
    const handle = await open(path, 'w');
    await writeFully(handle, bytes);
    return new SafetensorsWriter(handle, entries.at(-1)?.end ?? 0);
  }

  async append(data: ArrayBufferView): Promise<void> {
    if (this.#written + data.byteLength > this.#dataBytes)
      throw new RangeError('more values than were declared');
    await writeFully(this.#handle, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this.#written += data.byteLength;
  }

  /** Syncs to disk and closes; fails where values are missing. */
  async finish(): Promise<void> {
    try {
      if (this.#written !== this.#dataBytes) {
        throw new RangeError(`${String(this.#dataBytes - this.#written)} bytes of values are missing`);
      }
      await this.#handle.sync();
    } finally {
      await this.#handle.close();
    }
  }

  /** Closes without checks; the caller removes the file. */
  async abandon(): Promise<void> {
    await this.#handle.close();
  }
}

/** Writes and syncs a whole file at once. */
export async function writeSafetensorsFile(
  path: string,
  tensors: readonly (Declared & { readonly data: ArrayBufferView })[],
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  const writer = await SafetensorsWriter.create(path, tensors, metadata);
  try {
    for (const { data } of tensors) await writer.append(data);
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  await writer.finish();
}

async function readFully(
  handle: FileHandle,
  into: Uint8Array,
  position: number,
  path: string,
): Promise<void> {
  let at = 0;
  while (at < into.byteLength) {
    const { bytesRead } = await handle.read(into, at, into.byteLength - at, position + at);
    if (bytesRead === 0)
      throw new UserError('bad-input', `${path} ended while it was read; it may be cut off.`);
    at += bytesRead;
  }
}

async function writeFully(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let at = 0;
  while (at < bytes.byteLength) at += (await handle.write(bytes, at, bytes.byteLength - at)).bytesWritten;
}
