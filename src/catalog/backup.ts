import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from './catalog.ts';
import { BACKUP_FILE } from './open.ts';

const EVERY_MS = 24 * 3600 * 1000;
/** Pages copied before others get their turn: 1 MB. */
const PAGES_A_STEP = 256;

/** Whether the copy beside the catalogue is missing or older than a day. */
export function isBackupDue(catalog: Catalog, now: number): boolean {
  const stat = statSync(join(catalog.libraryPath, BACKUP_FILE), { throwIfNoEntry: false });
  return stat === undefined || now - stat.mtimeMs > EVERY_MS;
}

/** Bytes of the catalogue's pages. */
export function sizeOf(catalog: Catalog): number {
  const of = (name: string) => catalog.db.pragma(name, { simple: true }) as number;
  return of('page_count') * of('page_size');
}

/**
 * Copies the catalogue in small steps, so that calls are answered meanwhile, and renames the copy when it is whole. A
 * copy that cannot be written (a full disk, an engine that ends) leaves the older one.
 * @throws Error of SQLite or the file system
 */
export async function backUp(catalog: Catalog): Promise<void> {
  const backup = join(catalog.libraryPath, BACKUP_FILE);
  const part = `${backup}.part`;
  try {
    rmSync(part, { force: true });
    await catalog.db.backup(part, { progress: () => PAGES_A_STEP });
    renameSync(part, backup);
  } finally {
    if (existsSync(part)) rmSync(part, { force: true });
  }
}
