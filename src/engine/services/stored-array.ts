import { SafetensorsFile } from '#formats/safetensors.ts';
import type { Catalog } from '#catalog/catalog.ts';

/** Opens a stored safetensors file for as long as `use` runs: rows are read where they lie, never the whole file. */
export async function withArrays<T>(
  catalog: Catalog,
  hash: string,
  use: (file: ArrayFile) => Promise<T>,
): Promise<T> {
  const file = await SafetensorsFile.open(catalog.files.get(hash));
  try {
    return await use(new ArrayFile(file));
  } finally {
    await file.close();
  }
}

/** Typed reading of the arrays that the workers write. */
export class ArrayFile {
  readonly #file: SafetensorsFile;

  constructor(file: SafetensorsFile) {
    this.#file = file;
  }

  rows(name: string): number {
    return this.#file.entry(name).shape[0] ?? 0;
  }

  has(name: string): boolean {
    return this.#file.header.tensors.has(name);
  }

  async ints(name: string): Promise<Int32Array> {
    return asInts(await this.#file.read(name), name);
  }

  async floats(name: string): Promise<Float32Array> {
    return asFloats(await this.#file.read(name), name);
  }

  /** One row of a matrix. */
  async intRow(name: string, row: number): Promise<Int32Array> {
    return asInts(await this.#file.readRows(name, row, row + 1), name);
  }

  async floatRow(name: string, row: number): Promise<Float32Array> {
    return asFloats(await this.#file.readRows(name, row, row + 1), name);
  }
}

function asInts(values: unknown, name: string): Int32Array {
  if (values instanceof Int32Array) return values;
  throw new Error(`"${name}" holds no 32-bit integers`);
}

function asFloats(values: unknown, name: string): Float32Array {
  if (values instanceof Float32Array) return values;
  throw new Error(`"${name}" holds no 32-bit floats`);
}
