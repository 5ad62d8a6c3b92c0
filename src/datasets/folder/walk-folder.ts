import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { ImportProblem } from '#shared/domain/dataset.ts';
import { isHidden, looksLikeImage, naturally } from './image-names.ts';

/** A class name beyond this is refused. */
export const MAX_CLASS_NAME = 200;
/** As the catalogue and the contract allow. */
export const MAX_PATH = 4096;

export interface FoundFile {
  readonly kind: 'file';
  /** Relative to the root, forward slashes, NFC. */
  readonly path: string;
  /** Absolute, as the file system spells it. */
  readonly diskPath: string;
  /** Folders between root and file, joined by `/`. */
  readonly className: string;
  /** False for a file whose name does not promise an image. */
  readonly namedAsImage: boolean;
}

export type FoundEntry =
  | FoundFile
  | ({ readonly kind: 'problem' } & ImportProblem)
  | { readonly kind: 'hidden' }
  /** A folder that has neither files nor folders. */
  | { readonly kind: 'empty-folder'; readonly path: string };

interface Folder {
  readonly diskPath: string;
  /** Relative, NFC; '' for the root. */
  readonly path: string;
  /** Real paths from the root to here: a link back to one of them is a loop. */
  readonly chain: readonly string[];
}

/**
 * Everything below `root` in natural order, folder by folder. The class of an image is the path of its folder
 * (`birds/robin/1.jpg` is in `birds/robin`). Links are followed where they stay inside the root and do not loop. Never
 * throws for an entry: what cannot be read is a problem.
 *
 * @param root absolute, an existing folder
 */
export async function* walkFolder(root: string, signal?: AbortSignal): AsyncGenerator<FoundEntry> {
  const real = await realpath(root);
  const pending: Folder[] = [{ diskPath: real, path: '', chain: [real] }];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    signal?.throwIfAborted();
    let entries: Dirent[];
    try {
      entries = await readdir(folder.diskPath, { withFileTypes: true });
    } catch (error) {
      yield unreadable(folder.path, error);
      continue;
    }
    if (entries.length === 0) yield { kind: 'empty-folder', path: folder.path };
    entries.sort((a, b) => naturally(a.name, b.name));
    const seen = new Set<string>();
    const folders: Folder[] = [];
    for (const entry of entries) {
      const found = await lookAt(entry, folder, real, seen);
      if ('chain' in found) folders.push(found);
      else yield found;
    }
    pending.push(...folders.reverse());
  }
}

async function lookAt(
  entry: Dirent,
  parent: Folder,
  root: string,
  seen: Set<string>,
): Promise<FoundEntry | Folder> {
  if (isHidden(entry.name)) return { kind: 'hidden' };
  const name = entry.name.normalize('NFC');
  const path = parent.path === '' ? name : `${parent.path}/${name}`;
  const problem = (code: ImportProblem['code'], reason: string): FoundEntry => ({
    kind: 'problem',
    path,
    code,
    reason,
  });
  if (seen.has(name)) {
    return problem(
      'duplicate-path',
      'Another entry has the same name in another Unicode spelling. Rename one of them.',
    );
  }
  seen.add(name);
  const diskPath = join(parent.diskPath, entry.name);
  let isFolder = entry.isDirectory();
  let isFile = entry.isFile();
  let chain = [...parent.chain];
  if (entry.isSymbolicLink()) {
    try {
      const target = await realpath(diskPath);
      if (!isInside(root, target))
        return problem('outside-folder', 'The link leads out of the imported folder.');
      const info = await stat(target);
      isFolder = info.isDirectory();
      isFile = info.isFile();
      if (isFolder && parent.chain.includes(target)) {
        return problem('outside-folder', 'The link leads back to a folder that it lies in.');
      }
      if (isFolder) chain = [...parent.chain, target];
    } catch (error) {
      return unreadable(path, error);
    }
  } else if (isFolder) {
    chain.push(diskPath);
  }
  if (isFolder) return { diskPath, path, chain };
  if (!isFile) return problem('unreadable', 'This is neither a file nor a folder.');
  return toFile(path, diskPath, parent.path);
}

function toFile(path: string, diskPath: string, className: string): FoundEntry {
  const namedAsImage = looksLikeImage(path);
  const problem = (code: ImportProblem['code'], reason: string): FoundEntry => ({
    kind: 'problem',
    path,
    code,
    reason,
  });
  if (className === '' && namedAsImage) {
    return problem(
      'no-class',
      'The image lies beside the class folders. Move it into the folder of its class.',
    );
  }
  if (className.length > MAX_CLASS_NAME) {
    return problem(
      'name-too-long',
      `The class name has ${String(className.length)} characters; 200 are allowed. Rename its folder.`,
    );
  }
  if (path.length > MAX_PATH)
    return problem('name-too-long', 'The path is too long. Shorten the names of its folders.');
  return { kind: 'file', path, diskPath, className, namedAsImage };
}

function isInside(root: string, target: string): boolean {
  const way = relative(root, target);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

function unreadable(path: string, error: unknown): FoundEntry {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
  if (code === 'EACCES' || code === 'EPERM') {
    return { kind: 'problem', path, code: 'no-permission', reason: 'You have no permission to read this.' };
  }
  const reason =
    code === 'ENOENT' ? 'The link leads nowhere, or the entry is gone.' : `It cannot be read (${code}).`;
  return { kind: 'problem', path, code: 'unreadable', reason };
}
