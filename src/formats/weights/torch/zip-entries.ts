import type { FileBytes } from '../file-bytes.ts';
import { refuse } from '../weight-file.ts';

/** A file in a zip archive. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: number;
  readonly headerAt: number;
  /** Compressed: what programs are kept as, and arrays never are. */
  readonly isPacked: boolean;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const LONGEST_COMMENT = 65_535;
/** Largest list of files that is read: a million entries. */
const MOST_DIRECTORY_BYTES = 128 * 2 ** 20;

/** The files of a zip archive by name. @throws UserError bad-input where it is cut off */
export async function zipEntries(file: FileBytes): Promise<Map<string, ZipEntry>> {
  const { count, bytes, from } = await findDirectory(file);
  if (bytes > MOST_DIRECTORY_BYTES) refuse(file.path, 'its list of files is too long.');
  const directory = await file.read(from, bytes, 'its list of files');
  const view = new DataView(directory.buffer);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes || view.getUint32(at, true) !== CENTRAL) damaged(file);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((o) =>
      view.getUint16(at + o, true),
    ) as [number, number, number];
    const next = at + 46 + nameLength + extraLength + commentLength;
    if (next > bytes) damaged(file);
    const name = new TextDecoder().decode(directory.subarray(at + 46, at + 46 + nameLength));
    const extra = new DataView(directory.buffer, at + 46 + nameLength, extraLength);
    const [size, headerAt] = largeSizes(
      extra,
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    );
    entries.set(name, { name, bytes: size, headerAt, isPacked: view.getUint16(at + 10, true) !== 0 });
    at = next;
  }
  return entries;
}

/** Where the content of an entry begins. @throws UserError bad-input where it is compressed or cut off */
export async function contentOf(file: FileBytes, entry: ZipEntry): Promise<number> {
  if (entry.isPacked)
    refuse(
      file.path,
      `"${entry.name}" in it is compressed, which PyTorch never does. Unpack the archive first.`,
    );
  const header = await file.read(entry.headerAt, 30, `"${entry.name}"`);
  const view = new DataView(header.buffer);
  if (view.getUint32(0, true) !== LOCAL) damaged(file);
  const from = entry.headerAt + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  file.check(from, entry.bytes, `"${entry.name}"`);
  return from;
}

async function findDirectory(file: FileBytes): Promise<{ count: number; bytes: number; from: number }> {
  const length = Math.min(file.size, 22 + LONGEST_COMMENT);
  const tail = await file.read(file.size - length, length, 'its end');
  const view = new DataView(tail.buffer);
  let at = length - 22;
  while (at >= 0 && view.getUint32(at, true) !== END) at -= 1;
  if (at < 0)
    return refuse(file.path, 'it begins as a zip archive and has no end. It was cut off: fetch it again.');
  if (at >= 20 && view.getUint32(at - 20, true) === LOCATOR_64) {
    const end = Number(view.getBigUint64(at - 12, true));
    const record = new DataView((await file.read(end, 56, 'its list of files')).buffer);
    if (record.getUint32(0, true) !== END_64) damaged(file);
    const [count, bytes, from] = [32, 40, 48].map((o) => Number(record.getBigUint64(o, true)));
    return { count: count!, bytes: bytes!, from: from! };
  }
  return {
    count: view.getUint16(at + 10, true),
    bytes: view.getUint32(at + 12, true),
    from: view.getUint32(at + 16, true),
  };
}

/** Sizes over 4 GB stand in an extra field, in this order, each only where its short field is full. */
function largeSizes(extra: DataView, size: number, packed: number, headerAt: number): [number, number] {
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 1) continue;
    let field = at + 4;
    const take = (short: number): number => {
      if (short !== 0xffffffff || field + 8 > extra.byteLength) return short;
      field += 8;
      return Number(extra.getBigUint64(field - 8, true));
    };
    const large = take(size);
    take(packed);
    return [large, take(headerAt)];
  }
  return [size, headerAt];
}

function damaged(file: FileBytes): never {
  return refuse(file.path, 'its list of files is damaged. Fetch it again.');
}
