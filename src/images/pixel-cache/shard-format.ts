import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/*
 * A shard of the pixel cache: the pixels of its images one after the other, then one index row an image, then a footer.
 * A shard is written under a temporary name and renamed when it is complete, so a name that ends in `.pixels` is whole.
 *
 *   index row (52 bytes): content hash 32 | offset u64 | width u32 | height u32 | CRC-32 of the pixels u32
 *   footer (24 bytes):    start of index u64 | rows u32 | CRC-32 of the index u32 | magic 8
 */
export const ROW_BYTES = 52;
export const FOOTER_BYTES = 24;
export const MAGIC = 'PLUMPIX1';

export interface ShardEntry {
  /** SHA-256 of the file's bytes, hex. */
  readonly contentHash: string;
  readonly offset: number;
  readonly width: number;
  readonly height: number;
  readonly crc: number;
}

export function encodeIndex(
  entries: readonly ShardEntry[],
  start: number,
  crc32: (bytes: Uint8Array) => number,
): Buffer {
  const out = Buffer.alloc(entries.length * ROW_BYTES + FOOTER_BYTES);
  entries.forEach((entry, i) => {
    const at = i * ROW_BYTES;
    out.write(entry.contentHash, at, 'hex');
    out.writeBigUInt64LE(BigInt(entry.offset), at + 32);
    out.writeUInt32LE(entry.width, at + 40);
    out.writeUInt32LE(entry.height, at + 44);
    out.writeUInt32LE(entry.crc, at + 48);
  });
  const at = entries.length * ROW_BYTES;
  out.writeBigUInt64LE(BigInt(start), at);
  out.writeUInt32LE(entries.length, at + 8);
  out.writeUInt32LE(crc32(out.subarray(0, at)), at + 12);
  out.write(MAGIC, at + 16, 'latin1');
  return out;
}

/** Reads the index of a shard; null where the file is not a whole shard. */
export function readIndex(path: string, crc32: (bytes: Uint8Array) => number): ShardEntry[] | null {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    if (size < FOOTER_BYTES) return null;
    const footer = Buffer.alloc(FOOTER_BYTES);
    readSync(fd, footer, 0, FOOTER_BYTES, size - FOOTER_BYTES);
    const start = Number(footer.readBigUInt64LE(0));
    const rows = footer.readUInt32LE(8);
    const whole = footer.toString('latin1', 16) === MAGIC && start + rows * ROW_BYTES + FOOTER_BYTES === size;
    if (!whole) return null;
    const index = Buffer.alloc(rows * ROW_BYTES);
    readSync(fd, index, 0, index.length, start);
    if (crc32(index) !== footer.readUInt32LE(12)) return null;
    return Array.from({ length: rows }, (_, i) => decodeRow(index.subarray(i * ROW_BYTES)));
  } finally {
    closeSync(fd);
  }
}

const decodeRow = (row: Buffer): ShardEntry => ({
  contentHash: row.toString('hex', 0, 32),
  offset: Number(row.readBigUInt64LE(32)),
  width: row.readUInt32LE(40),
  height: row.readUInt32LE(44),
  crc: row.readUInt32LE(48),
});
