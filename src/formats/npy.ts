import { open, stat } from 'node:fs/promises';
import { endianness } from 'node:os';
import { UserError } from '#shared/rpc/errors.ts';
import { type NpyHeader, cutOff, parseNpyHeader } from './npy-header.ts';
import { unreadable } from './unreadable.ts';

const ARRAYS = {
  f4: Float32Array,
  f8: Float64Array,
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
} as const;
export type NpyType = keyof typeof ARRAYS;
export type NpyData = InstanceType<(typeof ARRAYS)[NpyType]>;

/** An array from an npy file, row-major whatever the file's order was. */
export interface NpyArray {
  readonly type: NpyType;
  readonly shape: readonly number[];
  readonly data: NpyData;
}

const LONGEST_START = 12 + 64 * 1024;

/**
 * Reads an npy file of numbers.
 * @throws UserError not-found, no-permission, bad-input with what is wrong
 */
export async function readNpy(path: string): Promise<NpyArray> {
  const what = `The file ${path}`;
  try {
    const { size } = await stat(path);
    const handle = await open(path, 'r');
    try {
      const start = new Uint8Array(Math.min(size, LONGEST_START));
      await fill(handle, start, 0, what);
      const header = parseNpyHeader(start, what);
      const bytes = new Uint8Array(bytesOfValues(header, size, what));
      await fill(handle, bytes, header.dataOffset, what);
      return arrayOf(header, bytes);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(error, path);
  }
}

/** The bytes of an npy file (version 1, row-major, little-endian). */
export function encodeNpy({ type, shape, data }: NpyArray): Uint8Array[] {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const order = type.endsWith('1') ? '|' : '<';
  const dictionary = `{'descr': '${order}${type}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const head = new Uint8Array(length);
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(head.buffer).setUint16(8, length - 10, true);
  head.set(new TextEncoder().encode(`${dictionary.padEnd(length - 11)}\n`), 10);
  return [head, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
}

function bytesOfValues({ type, shape, dataOffset }: NpyHeader, size: number, what: string): number {
  if (!(type in ARRAYS)) {
    throw new UserError(
      'bad-input',
      `${what} holds values of type "${type}"; integers and float32 or float64 can be read. Convert it with astype.`,
    );
  }
  const bytes = shape.reduce((product, length) => product * length, 1) * Number(type.slice(1));
  if (!Number.isSafeInteger(bytes) || dataOffset + bytes > size) throw cutOff(what);
  return bytes;
}

function arrayOf(header: NpyHeader, bytes: Uint8Array<ArrayBuffer>): NpyArray {
  const type = header.type as NpyType;
  if (header.littleEndian !== (endianness() === 'LE')) reverse(bytes, Number(type.slice(1)));
  const data = new ARRAYS[type](bytes.buffer);
  const { shape } = header;
  return { type, shape, data: header.fortranOrder && shape.length > 1 ? rowMajor(data, shape) : data };
}

function reverse(bytes: Uint8Array, width: number): void {
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse();
}

/** Turns a column-major array into a row-major one. */
function rowMajor(data: NpyData, shape: readonly number[]): NpyData {
  const target = data.slice();
  const place = new Array<number>(shape.length).fill(0);
  for (let source = 0; source < data.length; source++) {
    let at = 0;
    for (let axis = 0; axis < shape.length; axis++) at = at * shape[axis]! + place[axis]!;
    target[at] = data[source]!;
    for (let axis = 0; axis < shape.length && ++place[axis]! === shape[axis]!; axis++) place[axis] = 0;
  }
  return target;
}

async function fill(
  handle: Awaited<ReturnType<typeof open>>,
  into: Uint8Array,
  from: number,
  what: string,
): Promise<void> {
  let at = 0;
  while (at < into.length) {
    const { bytesRead } = await handle.read(into, at, into.length - at, from + at);
    if (bytesRead === 0) throw cutOff(what);
    at += bytesRead;
  }
}
