import path from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { readBounds, writeBounds } from './bounds.ts';
import { STUDIO_URL } from './origin.ts';

/** Opens the studio's window where it was last closed. */
export function openWindow(userDataPath: string): BrowserWindow {
  const file = path.join(userDataPath, 'window.json');
  const displays = screen.getAllDisplays().map((display) => display.workArea);
  const { maximized, ...bounds } = readBounds(file, displays);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'Plumage',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#17181a' : '#fafafa',
    webPreferences: {
      preload: path.join(import.meta.dirname, '../preload/index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      spellcheck: false,
      navigateOnDragDrop: false,
    },
  });
  if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () =>
    writeBounds(file, { ...window.getNormalBounds(), maximized: window.isMaximized() }),
  );
  void window.loadURL(STUDIO_URL);
  return window;
}
