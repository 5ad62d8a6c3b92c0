import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { readMembers } from '#catalog/part-reader.ts';
import type { Catalog } from '#catalog/catalog.ts';
import { bytesToHex } from '#catalog/packed.ts';
import { contentDigest } from '#formats/content-digest.ts';
import type { SplitRecord } from '#catalog/repositories/splits.ts';

/** Rows read before others get their turn: about 10 ms. */
const ROWS_A_TURN = 5000;

/** What a part's files hold as last imported: the split stays, its files may change. */
export async function partContent(catalog: Catalog, split: string, part: string): Promise<string> {
  const { imageIds } = readMembers(catalog, split, part);
  const select = catalog.sql<Uint8Array>(`SELECT content_hash FROM images WHERE id = ?`).pluck();
  const hashes: string[] = [];
  for (const id of imageIds) {
    hashes.push(bytesToHex(select.get(id)!));
    if (hashes.length % ROWS_A_TURN === 0) await turn();
  }
  return contentDigest(hashes);
}

/**
 * The hash that a protocol names: the split's own while the part's files are those that were divided, and another one
 * for every other content.
 */
export function splitHashFor(split: SplitRecord, part: string, content: string): string {
  const { contents } = JSON.parse(split.settings) as { contents?: Readonly<Record<string, string>> };
  const hash = bytesToHex(split.hash);
  if (contents?.[part] === content) return hash;
  return createHash('sha256').update(`${hash}\0${part}\0${content}`).digest('hex');
}
