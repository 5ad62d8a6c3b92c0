import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';

/** A JSON file, or undefined where there is none or it is not JSON. */
export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Writes beside and renames: a reader sees the old file or the new one. */
export function writeJson(file, value) {
  mkdirSync(path.dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}.new`;
  writeFileSync(fresh, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(fresh, file);
}

const WORK = '.work-';

/**
 * Fills a folder that either exists whole or not at all: `fill` works in a temporary folder beside it, which is
 * renamed at the end and removed on failure. What an interrupted set-up left behind is removed first.
 */
export async function fillFolder(target, fill) {
  const parent = path.dirname(target);
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent)) {
    if (name.startsWith(WORK)) rmSync(path.join(parent, name), { recursive: true, force: true });
  }
  const work = mkdtempSync(path.join(parent, WORK));
  try {
    const fresh = path.join(work, 'fresh');
    mkdirSync(fresh);
    await fill(fresh, work);
    if (existsSync(target)) rmSync(target, { recursive: true, force: true });
    renameSync(fresh, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
