import type { Query } from './neighbors-state.svelte.ts';

export type FileQuery = Extract<Query, { kind: 'file' }>;

/** A picture from disk as a query: the engine reads it from its path, the page shows the file that it was handed. */
export async function queryOfFiles(files: Iterable<File>): Promise<FileQuery | null> {
  const [file] = files;
  const path = file === undefined ? null : await pathOfFile([file]);
  return file === undefined || path === null
    ? null
    : { kind: 'file', path, picture: URL.createObjectURL(file) };
}

/**
 * The path of a picture that was dropped or chosen. Only the desktop shell may know paths; a browser hands over none, so
 * there the person writes the path on the machine where the engine runs. null where there is no way to know.
 */
async function pathOfFile(files: Iterable<File>): Promise<string | null> {
  if (window.plumage === undefined) return null;
  const paths = await window.plumage.request({ kind: 'dropped-paths', files: [...files] });
  return paths[0] ?? null;
}

export function knowsPaths(): boolean {
  return window.plumage !== undefined;
}
