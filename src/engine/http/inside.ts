import { realpath } from 'node:fs/promises';
import path from 'node:path';

/** True when `target` lies below `root`. Both have to be real paths; a common prefix of the text proves nothing. */
export function isBelow(root: string, target: string): boolean {
  const relative = path.relative(root, target);
  return relative !== '' && !path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..';
}

/** The real path of something below a folder, or null: missing, or a link that leads out of the folder. */
export async function realPathBelow(root: string, target: string): Promise<string | null> {
  try {
    const [realRoot, realTarget] = await Promise.all([realpath(root), realpath(target)]);
    return isBelow(realRoot, realTarget) ? realTarget : null;
  } catch {
    return null;
  }
}
