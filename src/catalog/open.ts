import Database from 'better-sqlite3';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '#shared/rpc/errors.ts';
import { Catalog } from './catalog.ts';
import { corruptSentence, newerSentence, storageError } from './errors.ts';
import { migrate, schemaVersion } from './migrate.ts';
import { APPLICATION_ID, SCHEMA_VERSION } from './migrations/index.ts';

export const CATALOG_FILE = 'catalog.sqlite';
export const BACKUP_FILE = 'catalog.backup.sqlite';
/** Below this size the whole file is checked at every start; above it only after an unclean end. */
const CHECK_ALWAYS_BELOW_BYTES = 64 * 1024 * 1024;

/**
 * Opens the catalogue of a library, making both where they are missing (not when `readonly`). The engine opens it for
 * writing, once; workers and readers open it `readonly`.
 *
 * @throws UserError newer-version, catalog-corrupt, no-permission, no-space, conflict, not-found
 */
export function openCatalog(libraryPath: string, options: { readonly readonly?: boolean } = {}): Catalog {
  const folder = resolve(libraryPath);
  const path = join(folder, CATALOG_FILE);
  const backup = join(folder, BACKUP_FILE);
  const readonly = options.readonly ?? false;
  let db: Database.Database | undefined;
  try {
    if (readonly && !existsSync(path))
      throw new UserError('not-found', `There is no Plumage library in ${folder}.`);
    if (!readonly) makeFolders(folder);
    db = new Database(path, { readonly, fileMustExist: readonly });
    db.pragma('busy_timeout = 5000');
    const found = checkIdentity(db, path, backup);
    if (!readonly) prepareForWriting(db, found, path, backup);
    db.pragma('foreign_keys = ON');
    db.pragma('cache_size = -65536');
    return new Catalog(db, folder, readonly);
  } catch (error) {
    db?.close();
    throw storageError(error, path, existsSync(backup) ? backup : undefined);
  }
}

function makeFolders(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of ['files', 'thumbs', 'pixels', 'logs'])
    mkdirSync(join(folder, name), { recursive: true });
}

function checkIdentity(db: Database.Database, path: string, backup: string): number {
  const found = schemaVersion(db);
  const application = db.pragma('application_id', { simple: true });
  const tables = db.prepare(`SELECT count(*) FROM sqlite_schema`).pluck().get() as number;
  if (tables > 0 && application !== APPLICATION_ID)
    throw new UserError('catalog-corrupt', corruptSentence(path, existsSync(backup) ? backup : undefined));
  if (found > SCHEMA_VERSION)
    throw new UserError('newer-version', newerSentence(path, found, SCHEMA_VERSION));
  return found;
}

function prepareForWriting(db: Database.Database, found: number, path: string, backup: string): void {
  db.pragma('journal_mode = WAL');
  // FULL: a commit that was answered survives a power cut, not only a crash.
  db.pragma('synchronous = FULL');
  const before = found > 0 && wasClosedWell(db);
  if (found > 0 && (!before || statSync(path).size < CHECK_ALWAYS_BELOW_BYTES)) {
    const answer = db.prepare('PRAGMA quick_check(3)').pluck().all();
    if (answer[0] !== 'ok')
      throw new UserError('catalog-corrupt', corruptSentence(path, existsSync(backup) ? backup : undefined), {
        details: answer,
      });
  }
  // The daily copy is made later, while the engine is idle; before a migration it cannot wait.
  if (found > 0 && found < SCHEMA_VERSION) writeBackup(db, backup);
  migrate(db);
  db.prepare(`INSERT OR REPLACE INTO meta (name, value) VALUES ('closed-well', 'no')`).run();
}

function wasClosedWell(db: Database.Database): boolean {
  return db.prepare(`SELECT value FROM meta WHERE name = 'closed-well'`).pluck().get() === 'yes';
}

/** A whole, compact copy under a temporary name, renamed when it is complete. A full disk costs the copy, not the start. */
function writeBackup(db: Database.Database, backup: string): void {
  const part = `${backup}.part`;
  try {
    rmSync(part, { force: true });
    db.prepare('VACUUM INTO ?').run(part);
    renameSync(part, backup);
  } catch (error) {
    rmSync(part, { force: true });
    if ((error as { code?: string }).code?.startsWith('SQLITE_CORRUPT') ?? false) throw error;
  }
}
