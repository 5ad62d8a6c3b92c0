import Database from 'better-sqlite3';
import { existsSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BACKUP_FILE } from '#catalog/open.ts';
import { IdleBackup } from './idle-backup.ts';
import { TemporaryLibrary } from './testing/temporary-library.ts';

const OFTEN = { checkEveryMs: 1, idleMs: 0 };

test('an idle engine copies the catalogue once a day, and not while a job waits', async () => {
  await using library = new TemporaryLibrary();
  library.fill(2, 2);
  await library.import();
  const backup = join(library.libraryPath, BACKUP_FILE);
  expect(existsSync(backup)).toBe(false);

  const { context } = library.services;
  const first = new IdleBackup(context, OFTEN);
  await expect.poll(() => existsSync(backup)).toBe(true);
  await first.close();
  const copy = new Database(backup, { readonly: true });
  expect(copy.prepare('SELECT count(*) FROM images').pluck().get()).toBe(4);
  copy.close();

  const old = new Date(Date.now() - 25 * 3600 * 1000);
  utimesSync(backup, old, old);
  library.write({ 'class 0/hang': '' });
  const { jobId } = await library.services.datasets.import({ path: library.pictures });
  await library.until(jobId, (job) => job.status === 'running');
  const patient = new IdleBackup(context, { checkEveryMs: 1, idleMs: 1 });
  let looks = 0;
  await expect.poll(() => ++looks > 5 && statSync(backup).mtimeMs === old.getTime()).toBe(true);
  library.services.jobs.stop(jobId);
  await library.ended(jobId);
  await expect.poll(() => statSync(backup).mtimeMs).toBeGreaterThan(old.getTime());
  await patient.close();
});

test('opening copies nothing, also where a copy is due; an engine that ends copies a small catalogue', async () => {
  await using library = new TemporaryLibrary();
  const backup = join(library.libraryPath, BACKUP_FILE);
  await library.restart();
  expect(existsSync(backup)).toBe(true);
  await library.services.close();
  const old = new Date(Date.now() - 25 * 3600 * 1000);
  utimesSync(backup, old, old);
  library.reopen();
  expect(statSync(backup).mtimeMs).toBe(old.getTime());
  await library.restart();
  expect(statSync(backup).mtimeMs).toBeGreaterThan(old.getTime());
});
