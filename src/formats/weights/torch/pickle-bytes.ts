/** Integers of more bytes than this name nothing in a state_dict. */
const LONGEST_INTEGER = 255;

/** The bytes ended inside a pickle: more may follow in the file. */
export class PickleEnds extends Error {}

/** Reads the fields of pickle instructions, little-endian. */
export class PickleBytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  byte(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  uint(width: 2 | 4 | 8): number {
    const at = this.#advance(width);
    if (width === 2) return this.#view.getUint16(at, true);
    if (width === 4) return this.#view.getUint32(at, true);
    return Number(this.#view.getBigUint64(at, true));
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** Two's complement of any width: a number where it is exact, else a bigint. */
  long(width: number): number | bigint {
    if (width > LONGEST_INTEGER) throw new PickleEnds();
    const bytes = this.take(width);
    let value = 0n;
    for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
    if ((bytes.at(-1) ?? 0) >= 0x80) value -= 1n << BigInt(8 * width);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  take(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }

  text(length: number): string {
    return new TextDecoder().decode(this.take(length));
  }

  /** Up to the end of the line, which is left out. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.position);
    if (end < 0) throw new PickleEnds();
    const text = this.text(end - this.position);
    this.position += 1;
    return text;
  }

  #advance(length: number): number {
    const at = this.position;
    if (!(at + length <= this.#bytes.byteLength)) throw new PickleEnds();
    this.position = at + length;
    return at;
  }
}
