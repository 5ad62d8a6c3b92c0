import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ContentStore, hashOfFile } from '#catalog/content-store.ts';
import { history } from '#catalog/journal/events.ts';
import { openCatalog } from '#catalog/open.ts';
import { TemporaryLibrary } from '../../src/engine/services/testing/temporary-library.ts';

const VICTIM = fileURLToPath(new URL('./victim.ts', import.meta.url));
let root: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plumage-faults-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** Starts the victim at some work and kills it, as a power cut would, once it has done a part of it. */
async function killAfter(
  work: string,
  library: string,
  argument: string,
  messages: number,
): Promise<unknown[]> {
  const victim = fork(VICTIM, [work, library, argument], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  child = victim;
  const seen: unknown[] = [];
  const { promise: enough, resolve, reject } = Promise.withResolvers<void>();
  victim.on('message', (message) => {
    if (seen.push(message) >= messages) resolve();
  });
  victim.once('exit', () => reject(new Error('the victim ended by itself')));
  await enough;
  const gone = once(victim, 'exit');
  victim.kill('SIGKILL');
  await gone;
  return seen;
}

test('killed in the middle of an import: the next engine finishes it, and nothing is there twice', async () => {
  await using library = new TemporaryLibrary();
  library.fill(3, 20);
  library.write({ 'class 2/hang': '' });
  await library.services.close();
  const [jobId] = (await killAfter('import', library.libraryPath, library.pictures, 2)) as string[];
  rmSync(join(library.pictures, 'class 2/hang'));
  library.reopen();
  const job = await library.ended(jobId!);
  expect(job.result).toMatchObject({ images: 60, classes: 3, revision: 1 });
  const { catalog } = library.services.context;
  expect(catalog.db.prepare('SELECT count(*), count(DISTINCT path) FROM images').raw().get()).toEqual([
    60, 60,
  ]);
  expect(catalog.db.pragma('integrity_check', { simple: true })).toBe('ok');
});

test('killed while it writes edits: every edit that was answered is there, and none by half', async () => {
  const library = join(root, 'library');
  const answered = (await killAfter('edit', library, '', 25)) as number[];
  using catalog = openCatalog(library);
  const events = history(catalog, 1, 500).filter((event) => event.kind === 'exclude');
  expect(events.length).toBeGreaterThanOrEqual(answered.length);
  for (const eventId of answered) expect(events.some((event) => event.id === eventId)).toBe(true);
  // The projection and the journal are of one transaction: as many exclusions as events that stand.
  expect(catalog.db.prepare('SELECT count(*) FROM images WHERE excluded = 1').pluck().get()).toBe(
    events.length,
  );
  expect(catalog.db.pragma('integrity_check', { simple: true })).toBe('ok');
});

test('killed while it stores files: every name that exists has its whole content', async () => {
  const library = join(root, 'library');
  mkdirSync(library);
  const answered = (await killAfter('store', library, '', 10)) as string[];
  const store = new ContentStore(library);
  for (const hash of answered) expect(await store.verify(hash)).toBe(true);
  const folders = readdirSync(join(library, 'files')).filter((name) => name !== 'tmp');
  for (const folder of folders)
    for (const name of readdirSync(join(library, 'files', folder)))
      expect(await hashOfFile(join(library, 'files', folder, name))).toBe(name);
});
