/** Element types of weight files, with their width in bytes. */
export const BYTES_OF = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
} as const;

export type ElementType = keyof typeof BYTES_OF;

type Reader = (view: DataView, at: number, little: boolean) => number;

const READ: Readonly<Record<ElementType, Reader>> = {
  float64: (view, at, little) => view.getFloat64(at, little),
  float32: (view, at, little) => view.getFloat32(at, little),
  float16: (view, at, little) => halfToNumber(view.getUint16(at, little)),
  bfloat16: (view, at, little) => bfloatToNumber(view.getUint16(at, little)),
  int64: (view, at, little) => Number(view.getBigInt64(at, little)),
  int32: (view, at, little) => view.getInt32(at, little),
  int16: (view, at, little) => view.getInt16(at, little),
  int8: (view, at) => view.getInt8(at),
  uint64: (view, at, little) => Number(view.getBigUint64(at, little)),
  uint32: (view, at, little) => view.getUint32(at, little),
  uint16: (view, at, little) => view.getUint16(at, little),
  uint8: (view, at) => view.getUint8(at),
  bool: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
};

/** What a weight becomes here: the nearest float32 of every value. `bytes` hold whole values of `type`. */
export function toFloat32(
  bytes: Uint8Array,
  type: ElementType,
  littleEndian = true,
): Float32Array<ArrayBuffer> {
  const width = BYTES_OF[type];
  const values = new Float32Array(bytes.byteLength / width);
  if (type === 'float32' && littleEndian) {
    new Uint8Array(values.buffer).set(bytes);
    return values;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = READ[type];
  for (let i = 0; i < values.length; i++) values[i] = read(view, i * width, littleEndian);
  return values;
}

const bits = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
function bfloatToNumber(half: number): number {
  bits.setUint32(0, half << 16);
  return bits.getFloat32(0);
}

/** IEEE 754 binary16. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
