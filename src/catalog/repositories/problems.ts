import type { ImportProblem } from '#shared/domain/dataset.ts';
import type { Catalog } from '../catalog.ts';

/** Files that an import could not take, and why. */
export class ProblemRepository {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  put(dataset: number, problems: readonly ImportProblem[], importNumber: number): void {
    const put = this.#catalog.sql(
      `INSERT OR REPLACE INTO import_problems (dataset, path, code, reason, seen_import) VALUES (?, ?, ?, ?, ?)`,
    );
    for (const { path, code, reason } of problems) put.run(dataset, path, code, reason, importNumber);
  }

  /** Forgets the problems of earlier imports that this one did not meet again. */
  forgetOlder(dataset: number, importNumber: number): void {
    this.#catalog
      .sql(`DELETE FROM import_problems WHERE dataset = ? AND seen_import <> ?`)
      .run(dataset, importNumber);
  }

  page(dataset: number, offset: number, limit: number): { total: number; rows: ImportProblem[] } {
    const total = this.#catalog
      .sql<{ n: number }>(`SELECT count(*) AS n FROM import_problems WHERE dataset = ?`)
      .get(dataset)!.n;
    const rows = this.#catalog
      .sql<ImportProblem>(
        `SELECT path, code, reason FROM import_problems WHERE dataset = ? ORDER BY path LIMIT ? OFFSET ?`,
      )
      .all(dataset, limit, offset);
    return { total, rows };
  }
}
