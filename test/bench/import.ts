import { mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { makeDemo } from '#datasets/demo/make-demo.ts';
import { type Bench, type BenchContext, type BenchRow, median, row } from './bench.ts';
import { buildAll } from './built.ts';
import { findVipsthumbnail, importBy, sharpAlone, type Times, vipsthumbnail } from './import-contenders.ts';

const ROUNDS = 5;
const PHOTOS = 400;
/** Nine tenths of the rival's speed. */
const TARGET = 1 / 0.9;

/**
 * Processes of their own on the same files with the same cores, in turn; ours also hashes, compares and reports rows.
 * Ours and sharp's count from the first file looked for, without the start of Node, which is told beside it.
 */
export const importBench: Bench = {
  name: 'import',
  title: 'Import (hashes, thumbnail, rows) against thumbnails alone by sharp and vipsthumbnail',
  async run(context) {
    await buildAll(['node']);
    const photos = join(context.folder, 'photos');
    const drawings = join(context.folder, 'drawings');
    const variants = join(context.folder, 'variants');
    await makePhotos(photos);
    await makeDemo({ folder: drawings, maxClasses: 200 });
    await makeVariants(await picturesOf(drawings), variants);
    return [
      ...(await compare('photos, 1200 x 900', photos, context)),
      ...(await compare('drawings, 128 x 128', drawings, context)),
      ...(await compare('drawings, 128 x 128', variants, context)),
    ];
  },
};

async function compare(what: string, source: string, { folder, log }: BenchContext): Promise<BenchRow[]> {
  const files = await picturesOf(source);
  const name = `import ${String(files.length)} ${what}`;
  const vips = await findVipsthumbnail();
  const times = { ours: [] as Times[], sharp: [] as Times[], vips: [] as Times[] };
  for (let round = 0; round <= ROUNDS; round++) {
    /*
     * Nothing is deleted between two runs: for minutes ext4 does not give out the places of deleted files again, and
     * looking past a thousand of them costs a new file more than its picture.
     */
    const out = join(folder, `out ${basename(source)} ${String(round)}`);
    const ours = await importBy(source, join(out, 'library'));
    const alone = await sharpAlone(source, join(out, 'sharp'));
    const tool = vips === null ? null : await vipsthumbnail(files, join(out, 'vips'));
    if (round === 0) continue; // reads the files into the page cache
    times.ours.push(ours);
    times.sharp.push(alone);
    if (tool !== null) times.vips.push(tool);
  }
  const [mine, alone] = [middle(times.ours), middle(times.sharp)];
  log(`${name}: start and end of the process ${both(mine.processMs, alone.processMs)} more`);
  log(`${name}: processor time with them ${both(mine.cpuMs, alone.cpuMs)}`);
  const rows = [row(name, 'ms', mine.workMs, alone.workMs, `sharp ${sharp.versions.sharp} alone`, TARGET)];
  if (vips === null) log('vipsthumbnail is not installed: left out');
  else rows.push(row(name, 'ms', mine.workMs, middle(times.vips).workMs, vips, TARGET));
  return rows;
}

const both = (ours: number, theirs: number): string =>
  `${ours.toFixed(0)} ms (ours), ${theirs.toFixed(0)} ms (sharp alone), ratio ${(ours / theirs).toFixed(2)}`;

/** NaN for what was not told. */
function middle(times: readonly Times[]): Record<keyof Times, number> {
  const of = (key: keyof Times): number => median(times.map((one) => one[key] ?? Number.NaN));
  return { workMs: of('workMs'), processMs: of('processMs'), cpuMs: of('cpuMs') };
}

async function picturesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(png|jpg)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
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

const VARIANTS: Readonly<Record<string, (picture: Sharp) => Sharp>> = {
  same: (picture) => picture,
  mirrored: (picture) => picture.flop(),
  hanging: (picture) => picture.flip(),
  negative: (picture) => picture.negate(),
};

/** Each drawing in four, for a sample that outweighs what a run costs whatever its size. */
async function makeVariants(files: readonly string[], folder: string): Promise<void> {
  for (const file of files) {
    const target = join(folder, basename(dirname(file)));
    await mkdir(target, { recursive: true });
    for (const [name, change] of Object.entries(VARIANTS))
      await change(sharp(file)).toFile(join(target, `${name} ${basename(file)}`));
  }
}
