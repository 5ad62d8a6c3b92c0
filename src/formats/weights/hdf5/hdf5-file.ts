import type { FileBytes } from '../file-bytes.ts';
import { refuse } from '../weight-file.ts';
import { Cursor, type Widths } from './cursor.ts';

/** A message of an object header: what the object is. */
export interface Message {
  readonly type: number;
  readonly body: Cursor;
}

export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
} as const;

const MOST_BLOCKS = 64;
const OLD_LAYOUT = 'Save it with h5py\'s default settings (libver="earliest"), as Keras does.';

/** An HDF5 file of the layout that h5py writes unless told otherwise (superblock 0, object headers 1). */
export class Hdf5File {
  readonly file: FileBytes;
  readonly widths: Widths;
  /** Address of the root group's object header. */
  readonly root: number;

  private constructor(file: FileBytes, widths: Widths, root: number) {
    this.file = file;
    this.widths = widths;
    this.root = root;
  }

  static async open(file: FileBytes): Promise<Hdf5File> {
    const start = new Cursor(
      await file.read(0, Math.min(file.size, 128), 'its start'),
      file.path,
      'its start',
    );
    start.skip(8);
    const version = start.uint(1);
    if (version > 1)
      return refuse(
        file.path,
        `it is HDF5 with superblock ${String(version)}, which is not read here. ${OLD_LAYOUT}`,
      );
    start.skip(4);
    const widths = { offset: start.uint(1), length: start.uint(1) };
    if (![4, 8].includes(widths.offset) || ![4, 8].includes(widths.length)) start.damaged();
    start.skip(1 + 4 + 4 + (version === 1 ? 4 : 0));
    const base = start.uint(widths.offset);
    if (base !== 0) return refuse(file.path, 'its HDF5 part does not begin at its first byte.');
    start.skip(3 * widths.offset + widths.offset);
    return new Hdf5File(file, widths, start.uint(widths.offset));
  }

  async cursor(address: number, length: number, what: string): Promise<Cursor> {
    return new Cursor(await this.file.read(address, length, what), this.file.path, what);
  }

  /** The messages of the object whose header lies at `address`. */
  async messages(address: number, what: string): Promise<Message[]> {
    const head = await this.cursor(address, 16, what);
    const version = head.uint(1);
    if (version !== 1)
      return refuse(this.file.path, `${what} has an object header of a newer HDF5 layout. ${OLD_LAYOUT}`);
    let left = head.skip(1).uint(2);
    const blocks = [{ at: address + 16, length: head.skip(4).uint(4) }];
    const messages: Message[] = [];
    for (let b = 0; b < blocks.length; b++) {
      if (b === MOST_BLOCKS) return head.damaged();
      const { at, length } = blocks[b]!;
      const block = await this.cursor(at, length, what);
      while (block.left >= 8 && left > 0) {
        const type = block.uint(2);
        const size = block.uint(2);
        const flags = block.uint(1);
        const body = new Cursor(block.skip(3).bytes(size), this.file.path, what);
        left -= 1;
        if (type === MESSAGE.continuation) {
          blocks.push({ at: body.uint(this.widths.offset), length: body.uint(this.widths.length) });
        } else if (flags & 2 && type === MESSAGE.datatype) {
          return refuse(
            this.file.path,
            `${what} shares its type with another object, which is not read here.`,
          );
        } else messages.push({ type, body });
      }
    }
    return messages;
  }
}
