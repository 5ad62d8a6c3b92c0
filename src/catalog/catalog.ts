import type { Database, Statement } from 'better-sqlite3';
import { ContentStore } from './content-store.ts';
import { storageError } from './errors.ts';

/** An open catalogue: the connection, its prepared statements, and the files beside it. */
export class Catalog {
  readonly db: Database;
  /** Absolute folder of the library. */
  readonly libraryPath: string;
  readonly readonly: boolean;
  readonly files: ContentStore;
  readonly #statements = new Map<string, Statement>();

  constructor(db: Database, libraryPath: string, readonly: boolean) {
    this.db = db;
    this.libraryPath = libraryPath;
    this.readonly = readonly;
    this.files = new ContentStore(libraryPath);
  }

  /** The statement for this text, prepared once. `Row` is what a row looks like. */
  sql<Row, Params extends unknown[] = unknown[]>(text: string): Statement<Params, Row> {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.db.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement as Statement<Params, Row>;
  }

  /** Runs `work` in one transaction (a savepoint inside another); all of it is written or nothing. */
  write<T>(work: () => T): T {
    try {
      return this.db.transaction(work).immediate();
    } catch (error) {
      throw storageError(error, `${this.libraryPath}/catalog.sqlite`);
    }
  }

  /** Runs `work` on one consistent state of the catalogue. */
  read<T>(work: () => T): T {
    return this.db.transaction(work).deferred();
  }

  close(): void {
    if (!this.db.open) return;
    if (!this.readonly && !this.db.inTransaction) {
      try {
        this.db.prepare(`INSERT OR REPLACE INTO meta (name, value) VALUES ('closed-well', 'yes')`).run();
      } catch {
        // A full disk must not keep the catalogue from closing: the next start checks the file instead.
      }
    }
    this.#statements.clear();
    this.db.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
