import { execFile, fork, spawn } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { openCatalog } from '#catalog/open.ts';
import { makeDemo } from '#datasets/demo/make-demo.ts';
import type { ImportResult } from '#shared/worker/import.ts';
import type { FromWorker } from '#shared/worker/messages.ts';
import { type Bench, type BenchContext, type BenchRow, median, row } from './bench.ts';

const WORKER = fileURLToPath(new URL('../../src/workers/import/main.ts', import.meta.url));
const SHARP_ALONE = fileURLToPath(new URL('./import-sharp.ts', import.meta.url));
const ROUNDS = 5;
const PHOTOS = 400;
/** Nine tenths of the rival's speed. */
const TARGET = 1 / 0.9;

/**
 * Processes of their own on the same files with the same cores, in turn; ours also hashes, compares and reports rows.
 * Ours and sharp's count from the first file looked for, without the start of Node.
 */
export const importBench: Bench = {
  name: 'import',
  title: 'Import (hashes, thumbnail, rows) against thumbnails alone by sharp and vipsthumbnail',
  async run(context) {
    const photos = join(context.folder, 'photos');
    const drawings = join(context.folder, 'drawings');
    await makePhotos(photos);
    await makeDemo({ folder: drawings, maxClasses: 200 });
    return [
      ...(await compare(`import ${String(PHOTOS)} photos, 1200 x 900`, photos, context)),
      ...(await compare('import drawings, 128 x 128', drawings, context)),
    ];
  },
};

async function compare(name: string, source: string, { folder, log }: BenchContext): Promise<BenchRow[]> {
  const entries = await readdir(source, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => /\.(png|jpg)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  const vips = await promisify(execFile)('vipsthumbnail', ['--vips-version']).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
  const times = { ours: [] as number[], sharp: [] as number[], vips: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    const out = join(folder, 'out');
    const ours = await timed(out, () => importBy(source, join(out, 'library')));
    const alone = await timed(out, () => sharpAlone(source, join(out, 'thumbs')));
    const tool = vips === null ? null : await timed(out, () => vipsthumbnail(files, out));
    if (round === 0) continue; // reads the files into the page cache
    times.ours.push(ours);
    times.sharp.push(alone);
    if (tool !== null) times.vips.push(tool);
  }
  const mine = median(times.ours);
  const rows = [row(name, 'ms', mine, median(times.sharp), `sharp ${sharp.versions.sharp} alone`, TARGET)];
  if (vips === null) log('vipsthumbnail is not installed: left out');
  else rows.push(row(name, 'ms', mine, median(times.vips), vips, TARGET));
  return rows;
}

/** Milliseconds of the work, or what it says of itself. */
async function timed(out: string, work: () => Promise<number | void>): Promise<number> {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  const started = performance.now();
  return (await work()) ?? performance.now() - started;
}

async function sharpAlone(source: string, target: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [SHARP_ALONE, source, target]);
  return Number(stdout);
}

async function importBy(rootPath: string, libraryPath: string): Promise<number> {
  openCatalog(libraryPath).close();
  const worker = fork(WORKER, { serialization: 'advanced', execArgv: [] });
  const failures: string[] = [];
  let milliseconds = Number.NaN;
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'failed') failures.push(message.error.message);
    else if (message.type === 'done') milliseconds = (message.result as ImportResult).seconds * 1000;
  });
  const task = { datasetId: 'ds_00000000', rootPath, layout: 'folder' } as const;
  worker.send({ type: 'start', kind: 'import', places: { libraryPath, resourcesPath: '' }, task });
  await ended(worker).catch((error: unknown) => {
    throw new Error(failures.join(' ') || 'The import worker failed.', { cause: error });
  });
  return milliseconds;
}

/** One process a core, the files dealt out. */
async function vipsthumbnail(files: readonly string[], out: string): Promise<void> {
  const cores = availableParallelism();
  await Promise.all(
    Array.from({ length: cores }, (_, core) => {
      const own = files.filter((_file, i) => i % cores === core);
      // The tool names by file alone; equal names overwrite each other, which costs it nothing.
      const args = ['--size', '256', '-o', join(out, `${String(core)}-%s.jpg[Q=82]`), ...own];
      return ended(spawn('vipsthumbnail', args, { env: { ...process.env, VIPS_CONCURRENCY: '1' } }));
    }),
  );
}

function ended(child: ReturnType<typeof spawn>): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`A process of the bench ended with ${String(code)}.`));
    });
  });
}

/** Smooth noise with detail: compresses and decodes like a photograph. */
async function makePhotos(folder: string): Promise<void> {
  for (let i = 0; i < PHOTOS; i++) {
    const target = join(folder, `class ${String(i % 20)}`);
    await mkdir(target, { recursive: true });
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    await sharp({ create: { width: 300, height: 225, channels: 3, background: '#000', noise } })
      .resize(1200, 900, { kernel: 'cubic' })
      .jpeg({ quality: 88 })
      .toFile(join(target, `${String(i)}.jpg`));
  }
}
