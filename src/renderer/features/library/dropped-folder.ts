/**
 * The path of what was dropped on the window, where the shell may tell it (the desktop); null in a browser, which hides
 * paths from pages. A dropped file stands for nothing here: the engine says so in its preview.
 */
export async function droppedFolder(transfer: DataTransfer | null): Promise<string | null> {
  const files = [...(transfer?.files ?? [])];
  if (window.plumage === undefined || files.length === 0) return null;
  const paths = await window.plumage.request({ kind: 'dropped-paths', files });
  return paths[0] ?? null;
}
