/** 32-bit integers as the bytes of a BLOB, little-endian whatever the machine. */
export function packInt32(values: Int32Array): Buffer {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return isLittleEndian ? bytes : Buffer.from(bytes).swap32();
}

/** The numbers of a BLOB, in memory of their own. */
export function unpackInt32(bytes: Uint8Array): Int32Array {
  const copy = Buffer.alloc(bytes.byteLength);
  copy.set(bytes);
  if (!isLittleEndian) copy.swap32();
  return new Int32Array(copy.buffer, copy.byteOffset, copy.byteLength / 4);
}

export const hexToBytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
export const bytesToHex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
