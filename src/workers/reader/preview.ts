import { previewFolder as look } from '#datasets/folder/preview-folder.ts';
import type { FolderPreview } from '#shared/worker/reader.ts';

/** What an import of a folder would find. @throws UserError not-found, bad-input, no-permission */
export async function previewFolder(path: string): Promise<FolderPreview> {
  const { files, otherFiles, bytes, classes, warnings } = await look(path);
  return { files, otherFiles, bytes, classes, warnings };
}
