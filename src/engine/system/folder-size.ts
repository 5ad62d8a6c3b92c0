import { opendir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Bytes of all files below a folder; what disappears while it is counted is left out, a missing folder has none. */
export async function folderSizeBytes(folder: string): Promise<number> {
  let bytes = 0;
  try {
    for await (const entry of await opendir(folder)) {
      const child = path.join(folder, entry.name);
      if (entry.isDirectory()) bytes += await folderSizeBytes(child);
      else if (entry.isFile()) bytes += (await stat(child).catch(() => ({ size: 0 }))).size;
    }
  } catch {
    return bytes;
  }
  return bytes;
}
