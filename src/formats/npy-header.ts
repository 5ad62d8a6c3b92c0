import { UserError } from '#shared/rpc/errors.ts';

/** NumPy's array file, versions 1 to 3: numpy.org/neps/nep-0001-npy-format.html */
export interface NpyHeader {
  /** Kind and size, as `f4`. */
  readonly type: string;
  readonly littleEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly dataOffset: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const LONGEST_HEADER = 64 * 1024;

export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/** @throws UserError bad-input */
export function parseNpyHeader(bytes: Uint8Array, what: string): NpyHeader {
  if (!isNpy(bytes))
    throw new UserError(
      'bad-input',
      `${what} is no npy file: its first bytes are others. Save it with numpy.save.`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6] ?? 0;
  const start = version === 1 ? 10 : 12;
  if (version < 1 || version > 3)
    throw new UserError('bad-input', `${what} is npy of version ${version}; versions 1 to 3 can be read.`);
  if (bytes.length < start) throw cutOff(what);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LONGEST_HEADER)
    throw new UserError('bad-input', `${what} has an npy header of ${length} bytes, which no array needs.`);
  if (bytes.length < start + length) throw cutOff(what);
  const text = new TextDecoder('latin1').decode(bytes.subarray(start, start + length));
  const descr = /(['"])descr\1\s*:\s*(['"])([<>|=])([a-zA-Z])(\d+)\2/.exec(text);
  const order = /(['"])fortran_order\1\s*:\s*(True|False)/.exec(text);
  const shape = /(['"])shape\1\s*:\s*\(([\d\s,]*)\)/.exec(text);
  if (descr === null || order === null || shape === null) {
    throw new UserError(
      'bad-input',
      `${what} has an npy header that cannot be read (${text.trim().slice(0, 120)}). Plain arrays of numbers can be read, records and objects not.`,
    );
  }
  return {
    type: `${descr[4]}${descr[5]}`,
    littleEndian: descr[3] !== '>',
    fortranOrder: order[2] === 'True',
    shape: shape[2]!
      .split(',')
      .filter((part) => part.trim() !== '')
      .map(Number),
    dataOffset: start + length,
  };
}

export function cutOff(what: string): UserError {
  return new UserError('bad-input', `${what} ends too early; it may be cut off. Save or copy it again.`);
}
