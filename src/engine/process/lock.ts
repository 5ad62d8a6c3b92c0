import Database from 'better-sqlite3';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '#shared/rpc/errors.ts';

export const LOCK_FILE = 'engine.lock';

export interface Lock {
  release(): void;
}

/**
 * Makes this process the one engine of a library: an exclusive transaction on a file of its own, which the system frees
 * whenever and however the process ends. null when another process has it.
 * @throws UserError `no-permission`, `no-space`
 */
export function acquireLock(libraryPath: string): Lock | null {
  const lockPath = path.join(libraryPath, LOCK_FILE);
  let db: Database.Database | undefined;
  try {
    makeFolder(libraryPath);
    db = new Database(lockPath, { timeout: 0 });
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
    const held = db;
    return { release: () => held.close() };
  } catch (error) {
    db?.close();
    const code = (error as { code?: unknown }).code;
    if (typeof code === 'string' && code.startsWith('SQLITE_BUSY')) return null;
    throw cannotLock(libraryPath, code, error);
  }
}

/**
 * As `mkdirSync` with `recursive`, which never ends where a file system answers that nothing is there although the parent
 * is (`/proc`).
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another engine made it meanwhile.
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
  }
}

function cannotLock(libraryPath: string, code: unknown, cause: unknown): unknown {
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL') {
    return new UserError(
      'no-space',
      `There is no space left for the library ${libraryPath}. Free some space and start again.`,
      { cause },
    );
  }
  if (
    typeof code === 'string' &&
    /^(EACCES|EPERM|EROFS|ENOENT|ENOTDIR|EEXIST|SQLITE_(CANTOPEN|READONLY|PERM))/.test(code)
  ) {
    return new UserError(
      'no-permission',
      `The library ${libraryPath} cannot be written. Give your account the right to write there, or name another library with --library.`,
      { cause },
    );
  }
  return cause;
}
