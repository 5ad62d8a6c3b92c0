import {
  ARRAY_OF_DTYPE,
  type TensorData,
  type TensorDtype,
  encodeHeader,
  headerLength,
  parseHeader,
} from './safetensors-header.ts';

export type { SafetensorsHeader, TensorData, TensorDtype, TensorEntry } from './safetensors-header.ts';
export { SafetensorsFile, SafetensorsWriter, writeSafetensorsFile } from './safetensors-file.ts';

/** A named array: row-major values and their shape. */
export interface NamedTensor {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export interface SafetensorsContent {
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes of an array, without copying. */
export const bytesOf = (data: TensorData): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Array over a copy of the bytes, so that its start is aligned whatever the file looks like. */
export function arrayFromBytes(dtype: TensorDtype, bytes: Uint8Array): TensorData {
  const copy = new Uint8Array(bytes.byteLength);
  copy.set(bytes);
  return new ARRAY_OF_DTYPE[dtype](copy.buffer);
}

/**
 * Reads a whole safetensors file that is in memory.
 *
 * @throws UserError `bad-input` with a sentence on what is wrong
 */
export function decodeSafetensors(bytes: Uint8Array, what = 'The file'): SafetensorsContent {
  const length = headerLength(bytes.subarray(0, 8), bytes.byteLength, what);
  const header = parseHeader(bytes.subarray(8, 8 + length), bytes.byteLength, what);
  const tensors = new Map<string, NamedTensor>();
  for (const { name, dtype, shape, begin, end } of header.tensors.values()) {
    const data = arrayFromBytes(dtype, bytes.subarray(header.dataOffset + begin, header.dataOffset + end));
    tensors.set(name, { name, dtype, shape, data });
  }
  return { tensors, metadata: header.metadata };
}

/** The bytes of a safetensors file. Equal input gives equal bytes, so that content hashes are stable. */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const { bytes: head, entries } = encodeHeader(tensors, metadata);
  const file = new Uint8Array(head.byteLength + (entries.at(-1)?.end ?? 0));
  file.set(head);
  for (const [i, entry] of entries.entries()) {
    const tensor = tensors[i];
    if (!tensor || tensor.data.byteLength !== entry.end - entry.begin) {
      throw new Error(
        `tensor "${entry.name}": ${String(tensor?.data.byteLength)} bytes do not fill its shape`,
      );
    }
    file.set(bytesOf(tensor.data), head.byteLength + entry.begin);
  }
  return file;
}
