import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SetupProblem } from './problem.mjs';

/** SHA-256 of a file, in lower-case hex, read in pieces. */
export async function fileDigest(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Refuses a file whose content is not the one that was checked when this version was made. */
export async function verifyDigest(file, expected) {
  const found = await fileDigest(file);
  if (found === expected) return;
  throw new SetupProblem(
    `${path.basename(file)} has the checksum ${found}, expected ${expected}. It was not used; ` +
      'run the command again, and look at the download source (proxy, mirror) if this stays.',
  );
}

export const textDigest = (...texts) => {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${Buffer.byteLength(text)}:`).update(text);
  return hash.digest('hex');
};

/** One digest over files and folders: names and contents, in a fixed order. */
export function treeDigest(root, entries, keep = () => true) {
  const hash = createHash('sha256');
  const visit = (relative) => {
    const full = path.join(root, relative);
    let children;
    try {
      children = readdirSync(full, { withFileTypes: true });
    } catch (error) {
      if (error.code === 'ENOTDIR') addFile(relative);
      else if (error.code !== 'ENOENT') throw error;
      return;
    }
    for (const child of children.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = path.posix.join(relative, child.name);
      if (child.isDirectory()) visit(name);
      else addFile(name);
    }
  };
  const addFile = (relative) => {
    if (!keep(relative)) return;
    const content = readFileSync(path.join(root, relative));
    hash.update(`${relative}\0${content.length}\0`).update(content);
  };
  for (const entry of [...entries].sort()) visit(entry);
  return hash.digest('hex');
}
