import { type BrowserWindow, app, clipboard, dialog } from 'electron';
import type { ShellRequest } from '#shared/domain/shell.ts';

/** What the shell does for its window. `connect` is the bridge's. */
export async function answerRequest(
  window: BrowserWindow,
  request: Exclude<ShellRequest, { kind: 'connect' }>,
): Promise<unknown> {
  switch (request.kind) {
    case 'pick-folder': {
      const { filePaths } = await dialog.showOpenDialog(window, {
        title: request.title,
        properties: ['openDirectory'],
      });
      return filePaths[0] ?? null;
    }
    case 'pick-save-file': {
      const { title, suggestedName, extensions } = request;
      const filters =
        extensions.length === 0 ? [] : [{ name: extensions.join(', ').toUpperCase(), extensions }];
      const { filePath } = await dialog.showSaveDialog(window, {
        title,
        defaultPath: suggestedName,
        filters,
      });
      return filePath || null;
    }
    case 'copy-text':
      // A promise in newer Electrons, nothing in older ones.
      await (clipboard.writeText(request.text) as unknown as Promise<void> | undefined);
      return undefined;
    case 'about':
      return {
        version: app.getVersion(),
        electron: process.versions.electron,
        chrome: process.versions['chrome'],
        platform: process.platform,
      };
  }
}
