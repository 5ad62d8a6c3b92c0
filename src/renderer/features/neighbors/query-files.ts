/**
 * The path of a picture that was dropped or chosen. Only the desktop shell may know paths; a browser hands over none, so
 * there the person writes the path on the machine where the engine runs. null where there is no way to know.
 */
export async function pathOfFile(files: Iterable<File>): Promise<string | null> {
  if (window.plumage === undefined) return null;
  const paths = await window.plumage.request({ kind: 'dropped-paths', files: [...files] });
  return paths[0] ?? null;
}

export function knowsPaths(): boolean {
  return window.plumage !== undefined;
}
