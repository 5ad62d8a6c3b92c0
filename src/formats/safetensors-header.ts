import { UserError } from '#shared/rpc/errors.ts';

/** Element types of the format, with the array that holds them here. F16 and BF16 stay as their 16 bits. */
export const ARRAY_OF_DTYPE = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U64: BigUint64Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const;

export type TensorDtype = keyof typeof ARRAY_OF_DTYPE;
export type TensorData = InstanceType<(typeof ARRAY_OF_DTYPE)[TensorDtype]>;

/** Where a tensor lies: byte offsets from the start of the data that follows the header. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Byte of the file at which the data begins. */
  readonly dataOffset: number;
}

/** A header of more than this is not a real file (the format's own limit). */
const MAX_HEADER_BYTES = 100_000_000;

const refuse = (what: string, sentence: string): never => {
  throw new UserError('bad-input', `${what} is not a readable safetensors file: ${sentence}`);
};

export const elementCount = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

export const byteSize = (dtype: TensorDtype, shape: readonly number[]): number =>
  elementCount(shape) * ARRAY_OF_DTYPE[dtype].BYTES_PER_ELEMENT;

/** Length of the JSON header from the file's first 8 bytes (little-endian). */
export function headerLength(first: Uint8Array, fileSizeBytes: number, what: string): number {
  if (first.byteLength < 8) return refuse(what, 'it is shorter than 8 bytes.');
  const length = Number(new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES) return refuse(what, `its header would be ${String(length)} bytes long.`);
  if (length + 8 > fileSizeBytes) return refuse(what, 'it ends inside its header; it may be cut off.');
  return length;
}

/**
 * Checks and reads the JSON header.
 *
 * @param json          the header's bytes, without the 8 length bytes
 * @param fileSizeBytes of the whole file, so that a cut-off file is noticed
 * @param what          names the file in error sentences
 * @throws UserError `bad-input` with a sentence on what is wrong
 */
export function parseHeader(json: Uint8Array, fileSizeBytes: number, what: string): SafetensorsHeader {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json));
  } catch {
    return refuse(what, 'its header is not JSON.');
  }
  if (!isRecord(parsed)) return refuse(what, 'its header is not an object.');
  const dataOffset = 8 + json.byteLength;
  const tensors = new Map<string, TensorEntry>();
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(parsed)) {
    if (name === '__metadata__') metadata = parseMetadata(value, what);
    else tensors.set(name, parseEntry(name, value, fileSizeBytes - dataOffset, what));
  }
  refuseOverlaps(tensors, what);
  return { tensors, metadata, dataOffset };
}

function parseMetadata(value: unknown, what: string): Record<string, string> {
  if (!isRecord(value)) return refuse(what, 'its __metadata__ is not an object.');
  const metadata: Record<string, string> = {};
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') return refuse(what, `the metadata entry "${key}" is not a text.`);
    metadata[key] = text;
  }
  return metadata;
}

function parseEntry(name: string, value: unknown, dataBytes: number, what: string): TensorEntry {
  if (!isRecord(value)) return refuse(what, `the entry of tensor "${name}" is not an object.`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(ARRAY_OF_DTYPE, dtype)) {
    return refuse(what, `tensor "${name}" has the unknown type ${JSON.stringify(dtype)}.`);
  }
  if (!isSizes(shape)) return refuse(what, `tensor "${name}" has no valid shape.`);
  if (!isSizes(offsets) || offsets.length !== 2)
    return refuse(what, `tensor "${name}" has no valid offsets.`);
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > dataBytes) {
    return refuse(what, `tensor "${name}" lies outside the file; the file may be cut off.`);
  }
  const kind = dtype as TensorDtype;
  if (end - begin !== byteSize(kind, shape)) {
    return refuse(
      what,
      `tensor "${name}" has ${String(end - begin)} bytes but its shape needs ${String(byteSize(kind, shape))}.`,
    );
  }
  return { name, dtype: kind, shape, begin, end };
}

function refuseOverlaps(tensors: ReadonlyMap<string, TensorEntry>, what: string): void {
  const inOrder = [...tensors.values()].sort((a, b) => a.begin - b.begin || a.end - b.end);
  for (const [i, entry] of inOrder.entries()) {
    const next = inOrder[i + 1];
    if (next && next.begin < entry.end)
      refuse(what, `the tensors "${entry.name}" and "${next.name}" overlap.`);
  }
}

/** Length prefix and JSON header, padded so that the data begins on a multiple of 8 bytes. */
export function encodeHeader(
  tensors: readonly {
    readonly name: string;
    readonly dtype: TensorDtype;
    readonly shape: readonly number[];
  }[],
  metadata: Readonly<Record<string, string>> = {},
): { bytes: Uint8Array; entries: TensorEntry[] } {
  const entries: TensorEntry[] = [];
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header['__metadata__'] = metadata;
  let at = 0;
  for (const { name, dtype, shape } of tensors) {
    if (name === '__metadata__' || Object.hasOwn(header, name))
      throw new Error(`tensor name "${name}" is taken`);
    const entry: TensorEntry = {
      name,
      dtype,
      shape: [...shape],
      begin: at,
      end: at + byteSize(dtype, shape),
    };
    entries.push(entry);
    header[name] = { dtype, shape: entry.shape, data_offsets: [entry.begin, entry.end] };
    at = entry.end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.byteLength / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return { bytes, entries };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
