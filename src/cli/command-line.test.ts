import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The real command line with a real engine, on a library of its own. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plumage-cli-'));
  for (let label = 0; label < 4; label += 1) {
    const kind = path.join(folder, 'birds', `kind ${label}`);
    await mkdir(kind, { recursive: true });
    for (let i = 0; i < 3; i += 1) {
      const background = { r: label * 60, g: i * 80, b: 200 - label * 40 };
      const picture = sharp({ create: { width: 40, height: 40, channels: 3, background } });
      await picture.png().toFile(path.join(kind, `${i}.png`));
    }
  }
  await writeFile(path.join(folder, 'birds', 'kind 0', 'broken.jpg'), 'not a picture');
  await mkdir(path.join(folder, 'birds', 'nothing'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function plumage(...words: string[]): Promise<{ code: number; out: string; errors: string }> {
  const main = path.resolve(import.meta.dirname, 'main.ts');
  const env = { ...process.env, PLUMAGE_LIBRARY: path.join(folder, 'library') };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...words], { env }, (error, out, errors) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, errors });
    });
  });
}

test('import, split and lists give exactly one JSON object each, with the keys that scripts rely on', async () => {
  const imported = await plumage('import', path.join(folder, 'birds'), '--json');
  expect(imported.code).toBe(0);
  const dataset = JSON.parse(imported.out) as Record<string, unknown>;
  expect(dataset).toMatchObject({ name: 'birds', images: 12, classes: 4, revision: 1 });
  expect(dataset['skipped']).toEqual([
    { path: 'kind 0/broken.jpg', reason: expect.any(String) },
    { path: 'nothing', reason: 'The folder is empty: it gives no class.' },
  ]);

  const again = JSON.parse((await plumage('import', path.join(folder, 'birds'), '--json', '--quiet')).out);
  expect(again).toMatchObject({ datasetId: dataset['datasetId'], images: 12, revision: 1 });

  const split = JSON.parse((await plumage('split', 'birds', '--json')).out) as Record<string, unknown>;
  expect(split).toMatchObject({ test: { classes: 2, images: 6 }, leaks: expect.any(Array) });
  expect(split['hash']).toMatch(/^[0-9a-f]{64}$/);

  const table = await plumage('splits');
  expect(table.out).toContain(String(split['splitId']));
  const jobs = JSON.parse((await plumage('jobs', 'list', '--json')).out) as { jobs: { status: string }[] };
  expect(jobs.jobs.map(({ status }) => status)).toEqual(['done', 'done']);
}, 60_000);

test('what is not there is exit code 3 and a sentence that names it', async () => {
  const { code, out, errors } = await plumage('split', 'brids');
  expect({ code, out }).toEqual({ code: 3, out: '' });
  expect(errors).toContain('"brids"');
  const json = await plumage('import', path.join(folder, 'nowhere'), '--json');
  expect(json.code).toBe(3);
  expect(JSON.parse(json.out)).toMatchObject({ error: { code: 'not-found' } });
}, 60_000);

test('a word that is no id is told with the form of one', async () => {
  const { code, errors } = await plumage('jobs', 'show', 'mine');
  expect(code).toBe(2);
  expect(errors).toContain('it should be an id such as job_x7k2m9p4');
}, 60_000);

test('an unknown setting is refused before anything starts, with the nearest one', async () => {
  await plumage('import', path.join(folder, 'birds'), '--quiet');
  await plumage('split', 'birds', '--name', 'half', '--quiet');
  const { code, errors } = await plumage('train', 'birds', '--split', 'half', '--set', 'marginn=0.1');
  expect(code).toBe(2);
  expect(errors).toMatch(/marginn.*margin/);
  expect((JSON.parse((await plumage('runs', '--json')).out) as { runs: unknown[] }).runs).toEqual([]);
}, 60_000);

test('a folder without images leaves no dataset behind', async () => {
  await mkdir(path.join(folder, 'hollow', 'kind'), { recursive: true });
  const { code, errors } = await plumage('import', path.join(folder, 'hollow'));
  expect(code).toBe(2);
  expect(errors).toContain('There is no image in');
  expect((await plumage('datasets')).out).not.toContain('hollow');
}, 60_000);
