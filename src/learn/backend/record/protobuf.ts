/** The little of the protocol-buffer wire format that a GraphDef needs. */

const encoder = new TextEncoder();

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}

/** Seven bits a byte, lowest first; negative numbers as 64-bit two's complement. */
export function varint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

/** A field that holds bytes, a text or a message. */
export function bytesField(field: number, content: Uint8Array | string): Uint8Array {
  const bytes = typeof content === 'string' ? encoder.encode(content) : content;
  return concatBytes([varint((field << 3) | 2), varint(bytes.byteLength), bytes]);
}

export const intField = (field: number, value: number): Uint8Array =>
  concatBytes([varint(field << 3), varint(value)]);

export const floatField = (field: number, value: number): Uint8Array =>
  concatBytes([varint((field << 3) | 5), floatBytes(value)]);

export function floatBytes(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return bytes;
}
