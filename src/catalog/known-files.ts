import type { Catalog } from './catalog.ts';
import { bytesToHex } from './packed.ts';

export interface KnownFile {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly contentHash: string;
}

/**
 * The files of a dataset as the last import saw them, by path relative to its folder (forward slashes, NFC). Files that
 * an import no longer found are left out. Empty for a dataset that is new.
 */
export function readKnownFiles(catalog: Catalog, datasetId: string): Map<string, KnownFile> {
  const rows = catalog
    .sql<[string, number, number, Uint8Array]>(
      `SELECT i.path, i.size_bytes, i.modified_ms, i.content_hash
       FROM datasets d JOIN images i ON i.dataset = d.key WHERE d.id = ? AND i.gone = 0`,
    )
    .raw()
    .iterate(datasetId);
  const known = new Map<string, KnownFile>();
  for (const [path, sizeBytes, modifiedMs, hash] of rows)
    known.set(path, { sizeBytes, modifiedMs, contentHash: bytesToHex(hash) });
  return known;
}
