import type { FileBytes } from '../file-bytes.ts';
import { refuse } from '../weight-file.ts';

/** A field of a message: a number, or a range of the file that holds a text, bytes or another message. */
export interface Field {
  readonly number: number;
  readonly wire: number;
  /** Of fields of wire type 0. */
  readonly value: bigint;
  /** Range of the content, for all others. */
  readonly from: number;
  readonly to: number;
}

const WINDOW = 1 << 16;

/** Walks over protocol buffer messages of a file through a small window: long fields are skipped, not read. */
export class ProtoReader {
  readonly file: FileBytes;
  #window = new Uint8Array(0);
  #start = 0;

  constructor(file: FileBytes) {
    this.file = file;
  }

  /** Fields of the message that fills `from` to `to`. */
  async *fields(from: number, to: number): AsyncGenerator<Field, void> {
    let at = from;
    while (at < to) {
      const [tag, afterTag] = await this.varint(at, to);
      const number = Number(tag >> 3n);
      const wire = Number(tag & 7n);
      if (number === 0) this.damaged();
      if (wire === 0) {
        const [value, next] = await this.varint(afterTag, to);
        yield { number, wire, value, from: afterTag, to: next };
        at = next;
        continue;
      }
      const [length, begin] = await this.#contentOf(wire, afterTag, to);
      at = begin + length;
      if (!Number.isSafeInteger(at) || at > to) this.damaged();
      yield { number, wire, value: 0n, from: begin, to: at };
    }
  }

  /** @returns the number (unsigned, 64 bits) and where it ends */
  async varint(at: number, to: number): Promise<[value: bigint, next: number]> {
    let value = 0n;
    for (let i = 0; i < 10; i++) {
      if (at + i >= to) this.damaged();
      const byte = await this.#byte(at + i);
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) return [BigInt.asUintN(64, value), at + i + 1];
    }
    return this.damaged();
  }

  async text({ from, to }: Field): Promise<string> {
    if (to - from > WINDOW) this.damaged();
    return new TextDecoder().decode(await this.file.read(from, to - from, 'a name'));
  }

  damaged(): never {
    return refuse(this.file.path, 'its messages are damaged or cut off. Fetch the file again.');
  }

  async #contentOf(wire: number, at: number, to: number): Promise<[length: number, begin: number]> {
    if (wire === 1) return [8, at];
    if (wire === 5) return [4, at];
    if (wire !== 2) return this.damaged();
    const [length, begin] = await this.varint(at, to);
    return [Number(length), begin];
  }

  async #byte(at: number): Promise<number> {
    if (at < this.#start || at >= this.#start + this.#window.length) {
      if (at >= this.file.size) this.damaged();
      this.#start = at;
      this.#window = await this.file.read(at, Math.min(WINDOW, this.file.size - at), 'its messages');
    }
    return this.#window[at - this.#start]!;
  }
}
