import type { Catalog } from '../catalog.ts';
import { bytesToHex } from '../packed.ts';

const TABLES_OF_RUNS = ['checkpoints', 'embeddings', 'evaluations', 'refreshes'] as const;
const TABLES = [...TABLES_OF_RUNS, 'weights'] as const;

/** Which rows name which stored files, so that a file goes when nothing names it any more. */
export class StoredFileRepository {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Content hashes that rows of a run name. */
  ofRun(run: string): string[] {
    return TABLES_OF_RUNS.flatMap((table) =>
      this.#catalog.sql<{ file: Uint8Array }>(`SELECT file FROM ${table} WHERE run = ?`).all(run),
    ).map((row) => bytesToHex(row.file));
  }

  /** Content hashes that rows of a split name: its vectors, and what was scored and mined from them. */
  ofSplit(split: string): string[] {
    const embeddings = `SELECT id FROM embeddings WHERE split = @split`;
    return this.#catalog
      .sql<{ file: Uint8Array }>(
        `SELECT file FROM embeddings WHERE split = @split
         UNION SELECT file FROM evaluations WHERE split = @split OR embedding IN (${embeddings})
         UNION SELECT file FROM refreshes WHERE embedding IN (${embeddings})`,
      )
      .all({ split })
      .map((row) => bytesToHex(row.file));
  }

  /** Removes those of the files that no row names now. */
  async removeUnnamed(hashes: readonly string[]): Promise<void> {
    for (const hash of new Set(hashes)) if (!this.#isNamed(hash)) await this.#catalog.files.remove(hash);
  }

  #isNamed(hash: string): boolean {
    const bytes = Buffer.from(hash, 'hex');
    return TABLES.some(
      (table) =>
        this.#catalog.sql(`SELECT 1 AS named FROM ${table} WHERE file = ? LIMIT 1`).get(bytes) !== undefined,
    );
  }
}
