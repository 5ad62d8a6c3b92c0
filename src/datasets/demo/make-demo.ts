import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { forEachConcurrently } from '#images/parallel/for-each-concurrently.ts';
import { UserError } from '#shared/rpc/errors.ts';
import { demoClasses } from './demo-classes.ts';
import { IconSet, VENDORS } from './icon-set.ts';
import { licenceText } from './licence-text.ts';
import { makeStamp, readStamp, sameStamp, STAMP_FILE } from './stamp.ts';

export interface DemoOptions {
  readonly folder: string;
  /** Side of the pictures in pixels. */
  readonly size?: number;
  /** A class is an emoji that at least so many vendors have. */
  readonly minVendors?: number;
  /** Only so many classes, spread over all; for tests. */
  readonly maxClasses?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface DemoResult {
  readonly folder: string;
  readonly classes: number;
  readonly images: number;
  /** False where the folder already held exactly this. */
  readonly made: boolean;
}

/**
 * Draws the demo dataset: emoji by six vendors, one folder an emoji, one PNG a vendor, on white. The folder appears whole
 * or not at all; where it is there already from the same packages, nothing is done.
 * @throws UserError conflict where the folder holds something else, no-space
 */
export async function makeDemo(options: DemoOptions): Promise<DemoResult> {
  const { size = 128, minVendors = 5, maxClasses = Infinity, onProgress, signal } = options;
  const folder = resolve(options.folder);
  const sets = await Promise.all(VENDORS.map((vendor) => IconSet.load(vendor)));
  const all = demoClasses(sets, minVendors);
  const step = Math.max(1, Math.ceil(all.length / maxClasses));
  const classes = all.filter((_, i) => i % step === 0);
  const pictures = classes.flatMap(({ name, sets: drawnBy }) => drawnBy.map((set) => ({ name, set })));
  const stamp = makeStamp(sets, { size, minVendors, classes: classes.length, images: pictures.length });
  const found = await readStamp(folder);
  const result = { folder, classes: classes.length, images: pictures.length };
  if (sameStamp(found, stamp)) return { ...result, made: false };
  if (found === null) await mustBeFree(folder);

  const part = `${folder}.part`;
  await rm(part, { recursive: true, force: true });
  try {
    for (const { name } of classes) await mkdir(join(part, name), { recursive: true });
    let done = 0;
    await forEachConcurrently(pictures, availableParallelism() + 1, async ({ name, set }) => {
      signal?.throwIfAborted();
      const svg = set.svg(name, size) as string;
      const png = await sharp(Buffer.from(svg)).flatten({ background: '#ffffff' }).png().toBuffer();
      await writeFile(join(part, name, `${set.vendor}.png`), png);
      onProgress?.(++done, pictures.length);
    });
    await writeFile(join(part, 'LICENCES.md'), licenceText(sets, size));
    await writeFile(join(part, STAMP_FILE), JSON.stringify(stamp));
    await rm(folder, { recursive: true, force: true });
    await rename(part, folder);
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw new UserError(
      'no-space',
      `The disk is full while drawing the demo pictures to ${folder}. Free 100 MB and start again.`,
    );
  }
  return { ...result, made: true };
}

/** Only an empty or missing folder, or one that we made, is ever replaced. */
async function mustBeFree(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  if (names.length > 0) {
    throw new UserError(
      'conflict',
      `${folder} holds other files. Give a folder that is empty or does not exist.`,
    );
  }
}
