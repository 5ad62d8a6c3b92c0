import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDemo } from '#datasets/demo/make-demo.ts';

const CLASSES = 40;
/** Both a picture's side and what the tests train with: a step takes a moment. */
const SIDE = 64;

export interface SmallDataset {
  readonly path: string;
  /** The name that an import suggests. */
  readonly name: string;
  readonly classes: number;
  /** Of those that can be read, the copy included. */
  readonly images: number;
  /** The copy's path in the dataset, the class that it lies in and the one that it belongs to. */
  readonly copy: { readonly path: string; readonly filedAs: string; readonly belongsTo: string };
  /** The path in the dataset of the file that is no image. */
  readonly broken: string;
  remove(): Promise<void>;
}

/**
 * Some of the demo's real pictures in a folder per class, with one file that is no image and one copy filed under the
 * wrong class, so that the tests see what users see.
 */
export async function makeSmallDataset(): Promise<SmallDataset> {
  const folder = await mkdtemp(join(tmpdir(), 'plumage-emoji-'));
  const all = join(folder, 'drawn');
  const name = 'birds and more';
  const path = join(folder, name);
  await makeDemo({ folder: all, size: SIDE, maxClasses: CLASSES });
  const entries = await readdir(all, { withFileTypes: true });
  const classes = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  let images = 1;
  for (const each of classes) {
    await cp(join(all, each), join(path, each), { recursive: true });
    images += (await readdir(join(path, each))).length;
  }
  const [belongsTo = '', filedAs = ''] = classes;
  const [picture = ''] = (await readdir(join(path, belongsTo))).sort();
  const copy = `${filedAs}/copy of ${picture}`;
  const broken = `${filedAs}/broken.png`;
  await cp(join(path, belongsTo, picture), join(path, copy));
  await writeFile(join(path, broken), 'this is no picture');
  return {
    path,
    name,
    classes: classes.length,
    images,
    copy: { path: copy, filedAs, belongsTo },
    broken,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
