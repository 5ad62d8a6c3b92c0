import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { IconSet } from './icon-set.ts';

/** Grows when the same packages would be drawn differently. */
const RECIPE_VERSION = 1;
export const STAMP_FILE = '.plumage-demo.json';

const Stamp = z.object({
  recipe: z.int(),
  size: z.int(),
  minVendors: z.int(),
  packages: z.record(z.string(), z.string()),
  classes: z.int(),
  images: z.int(),
});
/** What a finished demo folder was made from, kept in it. */
export type Stamp = z.infer<typeof Stamp>;

export function makeStamp(
  sets: readonly IconSet[],
  facts: Pick<Stamp, 'size' | 'minVendors' | 'classes' | 'images'>,
): Stamp {
  const packages = Object.fromEntries(sets.map((set) => [set.package.name, set.package.version]));
  return { recipe: RECIPE_VERSION, ...facts, packages };
}

/** null where the folder is missing or was not made by us. */
export async function readStamp(folder: string): Promise<Stamp | null> {
  try {
    return Stamp.parse(JSON.parse(await readFile(join(folder, STAMP_FILE), 'utf8')));
  } catch {
    return null;
  }
}

export const sameStamp = (a: Stamp | null, b: Stamp): boolean =>
  a !== null && JSON.stringify(Stamp.parse(a)) === JSON.stringify(Stamp.parse(b));
