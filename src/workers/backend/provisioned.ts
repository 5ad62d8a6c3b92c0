import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** What set-up wrote about the compute backend: a folder with the addon and its libraries, or why there is none. */
const Current = z.union([
  z.object({ path: z.string(), version: z.string(), kind: z.enum(['cpu', 'gpu']), key: z.string() }),
  z.object({ unavailable: z.string() }),
]);
export type Provisioned = z.infer<typeof Current>;

/** The user's cache folder: PLUMAGE_CACHE, else the platform's convention. */
export function defaultCachePath(environment: Readonly<Record<string, string | undefined>>): string {
  const { PLUMAGE_CACHE: own, XDG_CACHE_HOME: shared } = environment;
  return own || join(shared || join(homedir(), '.cache'), 'plumage');
}

/** Reads `<cache>/tensorflow/current.json`; whatever is wrong with it becomes the reason why there is no TensorFlow. */
export async function readProvisioned(cachePath: string): Promise<Provisioned> {
  const path = join(cachePath, 'tensorflow', 'current.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return { unavailable: 'TensorFlow has not been set up yet: run `npm run setup`.' };
  }
  try {
    return Current.parse(JSON.parse(text));
  } catch {
    return { unavailable: `${path} cannot be read: run \`npm run setup\` to set TensorFlow up again.` };
  }
}
