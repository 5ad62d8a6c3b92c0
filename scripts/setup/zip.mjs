import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

/**
 * Reading zip archives (APPNOTE 6.3.10: sections 4.3.7, 4.3.12, 4.3.16; no ZIP64, no encryption): enough for the
 * wheels and the Electron archive that set-up takes files from. Contents are verified by the archive's checksum.
 */
const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LONGEST_END = 22 + 0xffff;

async function readAt(handle, position, length) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** @typedef {{ name: string, size: number, compressed: number, method: number, offset: number, mode: number }} ZipEntry */

/** @returns {Promise<ZipEntry[]>} */
export async function zipEntries(handle) {
  const { size } = await handle.stat();
  const tail = await readAt(handle, Math.max(0, size - LONGEST_END), Math.min(size, LONGEST_END));
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== END_SIGNATURE) end -= 1;
  if (end < 0) throw new Error('This is not a zip archive, or it is cut off.');
  const directory = await readAt(handle, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries = [];
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === ENTRY_SIGNATURE;) {
    const nameLength = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      compressed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      mode: directory.readUInt32LE(at + 38) >>> 16,
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function extract(handle, file, entry, target) {
  const local = await readAt(handle, entry.offset, 30);
  const start = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  mkdirSync(path.dirname(target), { recursive: true });
  const options = entry.mode & 0o777 ? { mode: entry.mode & 0o777 } : {};
  const output = createWriteStream(target, options);
  if (entry.size === 0) {
    output.end();
    await finished(output);
    return;
  }
  const input = createReadStream(file, { start, end: start + entry.compressed - 1, highWaterMark: 1 << 20 });
  if (entry.method === 0) await pipeline(input, output);
  else if (entry.method === 8) await pipeline(input, createInflateRaw(), output);
  else throw new Error(`${entry.name}: compression method ${entry.method} is not known.`);
}

/**
 * Extracts the entries for which `place` names a path inside `folder`; names never leave the folder.
 *
 * @param {(name: string) => string | undefined} place
 * @returns {Promise<number>} how many files were written
 */
export async function extractZip(file, folder, place = (name) => name, onBytes = () => {}) {
  const handle = await open(file);
  try {
    let written = 0;
    let bytes = 0;
    for (const entry of await zipEntries(handle)) {
      const relative = entry.name.endsWith('/') ? undefined : place(entry.name);
      if (relative === undefined) continue;
      const target = path.resolve(folder, relative);
      if (path.relative(folder, target).startsWith('..'))
        throw new Error(`${entry.name} leads out of the folder.`);
      await extract(handle, file, entry, target);
      written += 1;
      bytes += entry.size;
      onBytes(bytes);
    }
    return written;
  } finally {
    await handle.close();
  }
}
