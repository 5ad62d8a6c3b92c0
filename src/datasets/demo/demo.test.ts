import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoClasses } from './demo-classes.ts';
import { IconSet, VENDORS } from './icon-set.ts';
import { makeDemo } from './make-demo.ts';

let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'plumage-demo-'));
});
afterAll(() => rm(base, { recursive: true }));

it('has about a thousand classes that five vendors drew, without skin tones and flags', async () => {
  const classes = demoClasses(await Promise.all(VENDORS.map((vendor) => IconSet.load(vendor))), 5);
  expect(classes.length).toBeGreaterThan(1000);
  expect(classes.every(({ sets }) => sets.length >= 5)).toBe(true);
  expect(classes.filter(({ name }) => name.startsWith('flag-') || name.includes('skin-tone'))).toEqual([]);
  expect(classes.map(({ name }) => name)).toContain('grinning-face');
});

it('draws one folder a class, once, with licences', async () => {
  const folder = join(base, 'emoji');
  const progress: number[] = [];
  const first = await makeDemo({
    folder,
    size: 48,
    maxClasses: 5,
    onProgress: (done) => progress.push(done),
  });
  expect(first.made).toBe(true);
  expect(progress.at(-1)).toBe(first.images);
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  expect(names).toHaveLength(first.classes);
  const one = join(folder, names[0]?.name as string, 'noto.png');
  expect(await sharp(one).metadata()).toMatchObject({
    width: 48,
    height: 48,
    format: 'png',
    hasAlpha: false,
  });
  const corner = await sharp(one).extract({ left: 0, top: 0, width: 1, height: 1 }).raw().toBuffer();
  expect([...corner]).toEqual([255, 255, 255]);
  const licences = await readFile(join(folder, 'LICENCES.md'), 'utf8');
  for (const vendor of VENDORS) expect(licences).toContain(`${vendor}.png`);
  const before = (await stat(one)).mtimeMs;
  expect(await makeDemo({ folder, size: 48, maxClasses: 5 })).toEqual({ ...first, made: false });
  expect((await stat(one)).mtimeMs).toBe(before);
  expect((await makeDemo({ folder, size: 32, maxClasses: 5 })).made).toBe(true);
  expect((await sharp(one).metadata()).width).toBe(32);
});

it('touches no folder that holds something else, and leaves nothing half made', async () => {
  const folder = join(base, 'mine');
  await mkdir(folder);
  await writeFile(join(folder, 'precious.txt'), 'x');
  await expect(makeDemo({ folder, maxClasses: 2 })).rejects.toMatchObject({ code: 'conflict' });
  expect(await readdir(folder)).toEqual(['precious.txt']);
  const abort = new AbortController();
  const onProgress = () => abort.abort();
  const stopped = makeDemo({
    folder: join(base, 'stopped'),
    maxClasses: 4,
    onProgress,
    signal: abort.signal,
  });
  await expect(stopped).rejects.toThrow();
  expect((await readdir(base)).filter((name) => name.startsWith('stopped'))).toEqual([]);
});
