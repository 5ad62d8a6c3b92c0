import { refuse } from '../weight-file.ts';

/** Width of addresses and of lengths, as the superblock gives them. */
export interface Widths {
  readonly offset: number;
  readonly length: number;
}

/** Walks over bytes of a file, little-endian; a step beyond them is refused with the file's name. */
export class Cursor {
  readonly #view: DataView;
  readonly #path: string;
  readonly #what: string;
  at = 0;

  constructor(bytes: Uint8Array, path: string, what: string) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#path = path;
    this.#what = what;
  }

  get left(): number {
    return this.#view.byteLength - this.at;
  }

  skip(bytes: number): this {
    this.#advance(bytes);
    return this;
  }

  /** A whole number of 1, 2, 4 or 8 bytes; all bits set is -1, the format's "nowhere". */
  uint(width: number): number {
    const at = this.#advance(width);
    if (width === 1) return this.#view.getUint8(at);
    if (width === 2) return this.#view.getUint16(at, true);
    if (width === 4) return this.#view.getUint32(at, true);
    const value = this.#view.getBigUint64(at, true);
    return value === 0xffffffffffffffffn ? -1 : Number(value);
  }

  ascii(length: number): string {
    return String.fromCharCode(...this.bytes(length));
  }

  bytes(length: number): Uint8Array {
    const at = this.#advance(length);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + at, length);
  }

  expect(signature: string): this {
    if (this.ascii(signature.length) !== signature) this.damaged();
    return this;
  }

  damaged(): never {
    return refuse(this.#path, `${this.#what} is damaged. Fetch the file again.`);
  }

  #advance(bytes: number): number {
    const at = this.at;
    if (!(bytes >= 0 && at + bytes <= this.#view.byteLength)) this.damaged();
    this.at = at + bytes;
    return at;
  }
}
