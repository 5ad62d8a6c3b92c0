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
  /** What waits for the commit of the outermost `write`. */
  readonly #afterCommit: (() => void)[] = [];
  #depth = 0;

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
    const waiting = this.#afterCommit.length;
    let result: T;
    this.#depth++;
    try {
      result = this.db.transaction(work).immediate();
    } catch (error) {
      // What was not written is not told either.
      this.#afterCommit.length = waiting;
      throw storageError(error, `${this.libraryPath}/catalog.sqlite`);
    } finally {
      this.#depth--;
    }
    if (this.#depth === 0) for (const tell of this.#afterCommit.splice(0)) tell();
    return result;
  }

  /** Does `work` once what is being written is committed, never if it is taken back; at once outside of `write`. */
  afterCommit(work: () => void): void {
    if (this.#depth === 0) work();
    else this.#afterCommit.push(work);
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
