import type { Checkpoint } from '#shared/domain/run.ts';
import type { Catalog } from '../catalog.ts';
import { bytesToHex, hexToBytes } from '../packed.ts';

interface CheckpointRow {
  readonly step: number;
  readonly epoch: number;
  readonly kind: Checkpoint['kind'];
  readonly file: Uint8Array;
  readonly validation: number | null;
  readonly at: number;
}

export class CheckpointRepository {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Keeps the newest checkpoint of each kind. @returns the files of those that went */
  put(run: string, checkpoint: Checkpoint): string[] {
    return this.#catalog.write(() => {
      const old = this.#catalog
        .sql<{ file: Uint8Array }>(`SELECT file FROM checkpoints WHERE run = ? AND kind = ?`)
        .all(run, checkpoint.kind);
      this.#catalog.sql(`DELETE FROM checkpoints WHERE run = ? AND kind = ?`).run(run, checkpoint.kind);
      this.#catalog
        .sql(
          `INSERT INTO checkpoints (run, kind, step, epoch, file, validation, at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          run,
          checkpoint.kind,
          checkpoint.step,
          checkpoint.epoch,
          hexToBytes(checkpoint.file),
          checkpoint.validation,
          checkpoint.at,
        );
      return old.map((row) => bytesToHex(row.file));
    });
  }

  /** @returns the files of those that went */
  removeAll(run: string): string[] {
    return this.#catalog.write(() => {
      const files = this.list(run).map(({ file }) => file);
      this.#catalog.sql(`DELETE FROM checkpoints WHERE run = ?`).run(run);
      return files;
    });
  }

  /** Newest step first. */
  list(run: string): Checkpoint[] {
    return this.#catalog
      .sql<CheckpointRow>(
        `SELECT kind, step, epoch, file, validation, at FROM checkpoints WHERE run = ? ORDER BY step DESC, kind`,
      )
      .all(run)
      .map((row) => ({ ...row, file: bytesToHex(row.file) }));
  }

  /** The one to go on from: the furthest that is kept. */
  furthest(run: string): Checkpoint | undefined {
    return this.list(run).find((checkpoint) => checkpoint.kind !== 'best') ?? this.list(run)[0];
  }
}
