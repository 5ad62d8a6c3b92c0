import { access, readdir } from 'node:fs/promises';
import { dirname, join, parse, sep } from 'node:path';

/**
 * The path as the file system spells it. The catalogue keeps paths in Unicode NFC; Linux keeps whatever bytes a program
 * wrote, often NFD for files that came from a Mac. Returns `path` itself where it exists or nothing like it does.
 */
export async function locateFile(path: string): Promise<string> {
  // Plain ASCII has one spelling: no look-up.
  // eslint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(path) || (await exists(path))) return path;
  const decomposed = path.normalize('NFD');
  if (await exists(decomposed)) return decomposed;
  return (await findSpelling(path)) ?? path;
}

async function findSpelling(path: string): Promise<string | null> {
  const { root } = parse(path);
  let found = root;
  for (const name of path.slice(root.length).split(sep)) {
    const direct = join(found, name);
    if (await exists(direct)) {
      found = direct;
      continue;
    }
    const wanted = name.normalize('NFC');
    const names = await readdir(dirname(direct)).catch(() => []);
    const same = names.find((candidate) => candidate.normalize('NFC') === wanted);
    if (same === undefined) return null;
    found = join(found, same);
  }
  return found;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
