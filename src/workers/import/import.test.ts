import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KnownFile } from '#catalog/known-files.ts';
import { thumbnailPath } from '#images/thumbnails/thumbnail-file.ts';
import type { ImportProblem } from '#shared/domain/dataset.ts';
import { Cancelled } from '#shared/rpc/errors.ts';
import type { ImportedImage, ImportEvent, ImportResult } from '#shared/worker/import.ts';
import type { WorkerContext } from '../host/worker-context.ts';
import { importFolder } from './import-folder.ts';

let base: string;
let root: string;
let libraryPath: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'plumage-import-'));
  root = join(base, 'photos');
  libraryPath = join(base, 'library');
  await mkdir(root);
});
afterEach(() => rm(base, { recursive: true }));

async function picture(seed: number, width = 60, height = 50): Promise<Buffer> {
  const data = Buffer.from(
    Array.from({ length: width * height * 3 }, (_, i) => (i * seed + (i >> 5) * 13) % 256),
  );
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

async function put(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), bytes);
}

interface Outcome {
  readonly result: ImportResult;
  readonly images: ImportedImage[];
  readonly problems: ImportProblem[];
  readonly unchanged: string[];
  readonly logs: string[];
  readonly batches: number[];
}

async function runImport(
  known = new Map<string, KnownFile>(),
  signal = new AbortController().signal,
  onProgress: WorkerContext['progress'] = () => undefined,
): Promise<Outcome> {
  const outcome = { images: [], problems: [], unchanged: [], logs: [], batches: [] } as unknown as Outcome;
  const context: WorkerContext<'import'> = {
    places: { libraryPath, resourcesPath: '' },
    signal,
    stopMode: null,
    progress: onProgress,
    log: (_, message) => void outcome.logs.push(message),
    emit: (event: ImportEvent) => {
      if (event.kind === 'images') {
        outcome.images.push(...event.rows);
        outcome.batches.push(event.rows.length);
      } else if (event.kind === 'problems') outcome.problems.push(...event.rows);
      else outcome.unchanged.push(...event.paths);
    },
  };
  const task = { datasetId: 'ds_aaaaaaaa', rootPath: root, layout: 'folder' } as const;
  const result = await importFolder(task, context, () => known);
  return { ...outcome, result };
}

const knownFrom = (images: readonly ImportedImage[]): Map<string, KnownFile> =>
  new Map(images.map((image) => [image.path, image]));

describe('importFolder', () => {
  it('describes each image and writes its thumbnail, and leaves originals alone', async () => {
    await put('red/one.png', await picture(3));
    await put('red/copy.jpg', await picture(3));
    await put('blue/deep/two.png', await picture(7, 400, 300));
    const before = await stat(join(root, 'red/one.png'));
    const { result, images, problems } = await runImport();
    expect(result).toMatchObject({ images: 3, unchanged: 0, problems: 0 });
    expect(problems).toEqual([]);
    const byPath = new Map(images.map((image) => [image.path, image]));
    const one = byPath.get('red/one.png') as ImportedImage;
    expect(one).toMatchObject({ className: 'red', width: 60, height: 50, format: 'png', channels: 3 });
    expect(one.sizeBytes).toBe(before.size);
    expect(one.modifiedMs).toBe(Math.trunc(before.mtimeMs));
    expect(byPath.get('red/copy.jpg')).toMatchObject({ contentHash: one.contentHash, format: 'png' });
    expect(byPath.get('blue/deep/two.png')).toMatchObject({
      className: 'blue/deep',
      width: 400,
      height: 300,
    });
    for (const image of images) {
      // Small PNGs are their own thumbnails.
      const extension = image.width > 256 ? 'jpg' : 'png';
      const thumbnail = await sharp(thumbnailPath(libraryPath, image.contentHash, extension)).metadata();
      expect(thumbnail.width).toBe(Math.min(256, image.width));
    }
    expect((await stat(join(root, 'red/one.png'))).mtimeMs).toBe(before.mtimeMs);
  });

  it('skips what is known, takes what changed, makes a lost thumbnail again', async () => {
    for (let i = 0; i < 4; i++) await put(`a/${String(i)}.png`, await picture(i + 3));
    const first = await runImport();
    const known = knownFrom(first.images);
    const again = await runImport(known);
    expect(again.images).toEqual([]);
    expect(again.result).toMatchObject({ images: 0, unchanged: 4 });
    await put('a/1.png', await picture(99));
    await utimes(join(root, 'a/2.png'), new Date(0), new Date(0));
    const lost = known.get('a/3.png') as KnownFile;
    await rm(thumbnailPath(libraryPath, lost.contentHash, 'png'));
    const changed = await runImport(known);
    expect(changed.images.map((image) => image.path).sort()).toEqual(['a/1.png', 'a/2.png', 'a/3.png']);
    expect(changed.unchanged).toEqual(['a/0.png']);
  });

  it('lists every file that it cannot read with the reason, and imports the rest', async () => {
    const good = await picture(5);
    await put('a/good.png', good);
    await put('a/empty.jpg', '');
    await put('a/cut.png', good.subarray(0, good.length / 2));
    await put('a/letter.jpg', 'Dear Sir or Madam');
    await put('a/vector.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    await put('a/notes.txt', 'left alone');
    await put('a/unnamed', good);
    await put('stray.png', good);
    const huge = await sharp({
      create: { width: 17_000, height: 17_000, channels: 3, background: '#000' },
      limitInputPixels: false,
    })
      .png({ compressionLevel: 1 })
      .toBuffer();
    await put('b/bomb.png', huge);
    await put(`b/${'n'.repeat(200)} ä "quoted" 'x' % #.png`, good);
    await mkdir(join(root, 'nothing'));
    const { images, problems, logs, result } = await runImport();
    expect(images.map((image) => image.path).sort()).toEqual([
      'a/good.png',
      'a/unnamed',
      `b/${'n'.repeat(200)} ä "quoted" 'x' % #.png`,
    ]);
    expect(Object.fromEntries(problems.map(({ path, code }) => [path, code]))).toEqual({
      'a/empty.jpg': 'empty-file',
      'a/cut.png': 'truncated',
      'a/letter.jpg': 'not-an-image',
      'a/vector.svg': 'unsupported-format',
      'b/bomb.png': 'too-many-pixels',
      'stray.png': 'no-class',
      nothing: 'empty-folder',
    });
    expect(problems.every(({ reason }) => reason.endsWith('.') && reason.length > 15)).toBe(true);
    expect(result.problems).toBe(7);
    expect(logs.join('\n')).toMatch(/1 files are no images/);
  }, 30_000);

  it('sends batches and progress with a total', async () => {
    const bytes = await picture(3);
    for (let i = 0; i < 150; i++) await put(`a/${String(i)}.png`, bytes);
    const totals = new Set<string>();
    const { batches, images } = await runImport(undefined, undefined, ({ phase, total, unit }) => {
      if (phase === 'Importing images') totals.add(`${String(total)} ${unit}`);
    });
    expect(images).toHaveLength(150);
    expect(Math.max(...batches)).toBeLessThanOrEqual(64);
    // Not every file is an image: the count is of files until they were looked at.
    expect(totals).toEqual(new Set(['150 files']));
  });

  it('stops when asked', async () => {
    for (let i = 0; i < 30; i++) await put(`a/${String(i)}.png`, await picture(i + 1));
    const abort = new AbortController();
    const stopped = runImport(undefined, abort.signal, ({ done, total }) => {
      if (done === 5 && total === 30) abort.abort(new Cancelled());
    });
    await expect(stopped).rejects.toBeInstanceOf(Cancelled);
    const left = await readdir(join(libraryPath, 'thumbs'), { recursive: true });
    expect(left.filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('says what is wrong with a folder, and keeps a dataset whose folder is empty', async () => {
    await expect(runImport()).rejects.toMatchObject({ code: 'bad-input' });
    await mkdir(join(root, 'nothing'));
    await expect(runImport()).rejects.toThrow(/There is no image in/);
    const known = new Map([['a/1.png', { sizeBytes: 1, modifiedMs: 1, contentHash: 'f'.repeat(64) }]]);
    await expect(runImport(known)).rejects.toThrow(/stays as it was/);
    await rm(root, { recursive: true });
    await expect(runImport()).rejects.toMatchObject({ code: 'not-found' });
  });

  it('ends with the system error when thumbnails cannot be written, and keeps no half', async () => {
    await put('a/1.png', await picture(3));
    await mkdir(libraryPath);
    // A file where the folder should be fails for every user, root included.
    await writeFile(join(libraryPath, 'thumbs'), '');
    await expect(runImport()).rejects.toThrow(/ENOTDIR|EEXIST/);
    expect(await readFile(join(root, 'a/1.png'))).toEqual(await picture(3));
  });

  it('names a file without permission', async () => {
    await put('a/1.png', await picture(3));
    await put('a/2.png', await picture(4));
    await chmod(join(root, 'a/2.png'), 0);
    const { images, problems } = await runImport();
    // Root may read everything: then both are imported and nothing is hidden.
    const asRoot = process.getuid?.() === 0;
    expect(images).toHaveLength(asRoot ? 2 : 1);
    expect(problems.map(({ code }) => code)).toEqual(asRoot ? [] : ['no-permission']);
  });
});
