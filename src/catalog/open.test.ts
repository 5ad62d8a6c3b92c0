import Database from 'better-sqlite3';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '#shared/rpc/errors.ts';
import { backUp } from './backup.ts';
import { BACKUP_FILE, CATALOG_FILE, openCatalog } from './open.ts';
import { storageError } from './errors.ts';

let library: string;
beforeEach(() => {
  library = mkdtempSync(join(tmpdir(), 'plumage-catalog-'));
});
afterEach(() => rmSync(library, { recursive: true, force: true }));

function failure(work: () => unknown): UserError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return error as UserError;
  }
  throw new Error('nothing was thrown');
}

describe('openCatalog', () => {
  test('makes a library and opens it again with what was written', () => {
    const first = openCatalog(join(library, 'new'));
    first.db.exec(
      `INSERT INTO datasets (id, name, root_path, layout, created_at) VALUES ('ds_aaaaaaaa', 'Birds', '/birds', 'folder', 1)`,
    );
    first.close();
    using second = openCatalog(join(library, 'new'));
    expect(second.sql<{ name: string }>('SELECT name FROM datasets').get()).toEqual({ name: 'Birds' });
    expect(second.db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(second.db.pragma('foreign_keys', { simple: true })).toBe(1);
    expect(existsSync(join(library, 'new', 'thumbs'))).toBe(true);
  });

  test('a reader beside the writer sees its commits and cannot write', () => {
    using writer = openCatalog(library);
    using reader = openCatalog(library, { readonly: true });
    writer.db.exec(
      `INSERT INTO datasets (id, name, root_path, layout, created_at) VALUES ('ds_aaaaaaaa', 'Birds', '/birds', 'folder', 1)`,
    );
    expect(reader.sql<{ n: number }>('SELECT count(*) AS n FROM datasets').get()).toEqual({ n: 1 });
    expect(() => reader.db.exec('DELETE FROM datasets')).toThrow(/readonly/);
  });

  test('a reader of a missing library is told so', () => {
    expect(failure(() => openCatalog(join(library, 'none'), { readonly: true }))).toMatchObject({
      code: 'not-found',
    });
  });

  test('refuses a newer catalogue and leaves every byte', () => {
    openCatalog(library).close();
    const path = join(library, CATALOG_FILE);
    const db = new Database(path);
    db.pragma('user_version = 99');
    db.close();
    const before = readFileSync(path);
    const error = failure(() => openCatalog(library));
    expect(error.code).toBe('newer-version');
    expect(error.message).toMatch(/newer Plumage \(version 99/);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('names the copy to go back to when the catalogue is damaged, and that copy opens', async () => {
    const first = openCatalog(library);
    first.db.exec(
      `INSERT INTO datasets (id, name, root_path, layout, created_at) VALUES ('ds_aaaaaaaa', 'Birds', '/birds', 'folder', 1)`,
    );
    await backUp(first);
    first.close();
    openCatalog(library).close();
    const path = join(library, CATALOG_FILE);
    const backup = join(library, BACKUP_FILE);
    expect(existsSync(backup)).toBe(true);

    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(40_000, 0x5a), 0, 40_000, 4096);
    closeSync(file);
    const error = failure(() => openCatalog(library));
    expect(error.code).toBe('catalog-corrupt');
    expect(error.message).toContain(`rename ${backup} to ${path}`);

    rmSync(path);
    rmSync(`${path}-wal`, { force: true });
    rmSync(`${path}-shm`, { force: true });
    copyFileSync(backup, path);
    using again = openCatalog(library);
    expect(again.sql<{ name: string }>('SELECT name FROM datasets').get()).toEqual({ name: 'Birds' });
  });

  test.each([
    [
      'text',
      (path: string) =>
        writeFileSync(path, 'this is no database at all, but long enough to look at'.repeat(100)),
    ],
    ['a foreign database', (path: string) => new Database(path).exec('CREATE TABLE t (a)').close()],
    ['a cut file', (path: string) => (openCatalog(library).close(), truncateSync(path, 5000))],
  ])('calls %s damaged and does not overwrite it', (_name, spoil) => {
    const path = join(library, CATALOG_FILE);
    spoil(path);
    const before = readFileSync(path);
    expect(failure(() => openCatalog(library)).code).toBe('catalog-corrupt');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('a library path below a file is a matter of rights or place', () => {
    writeFileSync(join(library, 'file'), '');
    expect(failure(() => openCatalog(join(library, 'file', 'library')))).toMatchObject({
      code: 'no-permission',
    });
  });

  test('a catalogue path that is a folder cannot be opened', () => {
    mkdirSync(join(library, CATALOG_FILE));
    expect(failure(() => openCatalog(library))).toMatchObject({ code: 'no-permission' });
  });

  test('a full disk is said to be one and what was written before stays', () => {
    using catalog = openCatalog(library);
    const pages = catalog.db.pragma('page_count', { simple: true }) as number;
    catalog.db.pragma(`max_page_count = ${pages + 4}`);
    const insert = catalog.sql(`INSERT INTO meta (name, value) VALUES (?, ?)`);
    catalog.write(() => insert.run('small', 'kept'));
    const error = failure(() => catalog.write(() => insert.run('large', 'x'.repeat(100_000))));
    expect(error.code).toBe('no-space');
    expect(catalog.sql('SELECT value FROM meta WHERE name = ?').get('small')).toEqual({ value: 'kept' });
    expect(catalog.sql('SELECT value FROM meta WHERE name = ?').get('large')).toBeUndefined();
  });

  test.each([
    ['SQLITE_READONLY_DIRECTORY', 'no-permission'],
    ['EACCES', 'no-permission'],
    ['ENOSPC', 'no-space'],
    ['SQLITE_BUSY', 'conflict'],
    ['SQLITE_CORRUPT_INDEX', 'catalog-corrupt'],
  ])('%s becomes the code %s', (code, expected) => {
    expect(storageError(Object.assign(new Error('x'), { code }), '/library/catalog.sqlite')).toMatchObject({
      code: expected,
    });
  });
});
