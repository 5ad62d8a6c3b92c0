import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { checkRoot } from './check-root.ts';
import { naturally } from './image-names.ts';
import { walkFolder } from './walk-folder.ts';

export interface FolderPreview {
  readonly path: string;
  readonly layout: 'folder';
  readonly suggestedName: string;
  /** Files that are named as images and lie in a class folder. */
  readonly files: number;
  readonly otherFiles: number;
  /** Exact up to 5,000 files; beyond, worked out from 5,000 spread over all. */
  readonly bytes: number;
  readonly classes: readonly { readonly name: string; readonly images: number }[];
  readonly warnings: readonly string[];
}

const SAMPLED_FILES = 5000;

/**
 * What an import of a folder would find, by names alone: nothing is opened or decoded.
 * @throws UserError not-found, bad-input, no-permission
 */
export async function previewFolder(path: string, signal?: AbortSignal): Promise<FolderPreview> {
  const root = await checkRoot(path);
  const classes = new Map<string, number>();
  const emptyFolders: string[] = [];
  const problems = new Map<string, number>();
  const sample = new Sample(SAMPLED_FILES);
  let files = 0;
  let otherFiles = 0;
  for await (const entry of walkFolder(root, signal)) {
    if (entry.kind === 'empty-folder') emptyFolders.push(entry.path);
    else if (entry.kind === 'hidden') otherFiles++;
    else if (entry.kind === 'problem') problems.set(entry.code, (problems.get(entry.code) ?? 0) + 1);
    else if (!entry.namedAsImage) otherFiles++;
    else {
      files++;
      classes.set(entry.className, (classes.get(entry.className) ?? 0) + 1);
      sample.offer(entry.diskPath);
    }
  }
  return {
    path: root,
    layout: 'folder',
    suggestedName: basename(root) || 'Dataset',
    files,
    otherFiles,
    bytes: await sample.estimateBytes(files, signal),
    classes: [...classes]
      .map(([name, images]) => ({ name, images }))
      .sort((a, b) => naturally(a.name, b.name)),
    warnings: warningsOf(classes, emptyFolders, problems),
  };
}

function warningsOf(
  classes: ReadonlyMap<string, number>,
  emptyFolders: readonly string[],
  problems: ReadonlyMap<string, number>,
): string[] {
  const warnings: string[] = [];
  const withoutClass = problems.get('no-class') ?? 0;
  if (classes.size === 0) {
    warnings.push(
      withoutClass > 0
        ? `The ${plural(withoutClass, 'image')} here lie in no class folder. Put each image into a folder named after its class.`
        : 'There are no images in class folders here.',
    );
  } else {
    if (classes.size === 1)
      warnings.push('There is one class only: nothing can be told apart or split by class.');
    if (withoutClass > 0)
      warnings.push(`${plural(withoutClass, 'image')} beside the class folders will be left out.`);
    const single = [...classes.values()].filter((images) => images === 1).length;
    if (single > 0)
      warnings.push(`${plural(single, 'class', 'classes')} with one image: it has no neighbour to find.`);
  }
  if (emptyFolders.length > 0) {
    warnings.push(
      `${plural(emptyFolders.length, 'empty folder')}, for example ${emptyFolders[0] || 'the folder itself'}.`,
    );
  }
  const others = [...problems]
    .filter(([code]) => code !== 'no-class')
    .reduce((sum, [, count]) => sum + count, 0);
  if (others > 0)
    warnings.push(
      `${plural(others, 'entry', 'entries')} cannot be read; the import lists each with its reason.`,
    );
  return warnings;
}

const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** Every n-th path, n doubling as paths come: at most `limit` of them, spread evenly. */
class Sample {
  readonly #limit: number;
  #paths: string[] = [];
  #step = 1;
  #offered = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  offer(path: string): void {
    if (this.#offered++ % this.#step !== 0) return;
    this.#paths.push(path);
    if (this.#paths.length <= this.#limit) return;
    this.#paths = this.#paths.filter((_, i) => i % 2 === 0);
    this.#step *= 2;
  }

  async estimateBytes(files: number, signal?: AbortSignal): Promise<number> {
    if (this.#paths.length === 0) return 0;
    let bytes = 0;
    for (let from = 0; from < this.#paths.length; from += 64) {
      signal?.throwIfAborted();
      const sizes = this.#paths.slice(from, from + 64).map((path) =>
        stat(path)
          .then(({ size }) => size)
          .catch(() => 0),
      );
      for (const size of await Promise.all(sizes)) bytes += size;
    }
    return Math.round((bytes * files) / this.#paths.length);
  }
}
