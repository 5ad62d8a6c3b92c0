import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../../..');
const CLASSES = 24;

export interface SmallDataset {
  readonly path: string;
  readonly classes: number;
  readonly images: number;
  remove(): Promise<void>;
}

/**
 * Some of the demo's real pictures in a folder per class, with one file that is no image and one copy filed under the
 * wrong class, so that the tests see what users see.
 */
export async function makeSmallDataset(): Promise<SmallDataset> {
  const folder = await mkdtemp(join(tmpdir(), 'plumage-emoji-'));
  const all = join(folder, 'all');
  const path = join(folder, 'birds and more');
  await run(process.execPath, [
    join(ROOT, 'src/datasets/demo/main.ts'),
    all,
    '--size',
    '64',
    '--classes',
    String(CLASSES),
  ]);
  const names = (await readdir(all, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((e) => e.name);
  const classes = names.sort().slice(0, CLASSES);
  let images = 0;
  for (const name of classes) {
    await cp(join(all, name), join(path, name), { recursive: true });
    images += (await readdir(join(path, name))).length;
  }
  const [first = '', second = ''] = classes;
  const [picture = ''] = (await readdir(join(path, first))).sort();
  await cp(join(path, first, picture), join(path, second, `copy of ${picture}`));
  await writeFile(join(path, second, 'broken.png'), 'this is no picture');
  return {
    path,
    classes: classes.length,
    images: images + 1,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
