import { join } from 'node:path';
import { UserError } from '#shared/rpc/errors.ts';
import type { Catalog } from './catalog.ts';
import { bytesToHex, unpackInt32 } from './packed.ts';

/** One part of a split, row by row. Images that a person excluded after the split are still in it: a split never changes. */
export interface PartRows {
  /** [rows], ascending. */
  readonly imageIds: Int32Array;
  /** [rows], class ids as the split saw them. */
  readonly labels: Int32Array;
  /** Absolute, in the platform's own form. */
  readonly paths: readonly string[];
  /** SHA-256 of the files' bytes, hex. */
  readonly contentHashes: readonly string[];
}

/** Members of a part without their paths: what readers of embeddings need. */
export function readMembers(
  catalog: Catalog,
  splitId: string,
  part: string,
): { readonly imageIds: Int32Array; readonly labels: Int32Array } {
  const row = catalog
    .sql<{ image_ids: Uint8Array; class_ids: Uint8Array }>(
      `SELECT image_ids, class_ids FROM split_parts WHERE split = ? AND part = ?`,
    )
    .get(splitId, part);
  if (row !== undefined) return { imageIds: unpackInt32(row.image_ids), labels: unpackInt32(row.class_ids) };
  const known = catalog.sql<{ id: string }>(`SELECT id FROM splits WHERE id = ?`).get(splitId);
  if (known === undefined) throw new UserError('not-found', `There is no split ${splitId} in this library.`);
  return { imageIds: new Int32Array(0), labels: new Int32Array(0) };
}

/**
 * Everything a worker needs to read a part of a split; empty arrays where the split has no such part.
 * @throws UserError not-found
 */
export function readPart(catalog: Catalog, splitId: string, part: string): PartRows {
  return catalog.read(() => {
    const { imageIds, labels } = readMembers(catalog, splitId, part);
    const root = catalog
      .sql<{ root: string }>(
        `SELECT d.root_path AS root FROM splits s JOIN datasets d ON d.key = s.dataset WHERE s.id = ?`,
      )
      .get(splitId)!.root;
    const image = catalog
      .sql<[string, Uint8Array]>(`SELECT path, content_hash FROM images WHERE id = ?`)
      .raw();
    const paths: string[] = new Array<string>(imageIds.length);
    const contentHashes: string[] = new Array<string>(imageIds.length);
    for (let row = 0; row < imageIds.length; row++) {
      const [path, hash] = image.get(imageIds[row]!)!;
      paths[row] = join(root, path);
      contentHashes[row] = bytesToHex(hash);
    }
    return { imageIds, labels, paths, contentHashes };
  });
}
