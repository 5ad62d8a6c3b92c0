import { createHash } from 'node:crypto';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { BrowserWindow, Menu, app, protocol, session } from 'electron';
import { defaultLibraryPath, realLibraryPath } from '../engine/process/connect.ts';
import { EngineLink } from './engine-link.ts';
import { lockCommandLine, lockContents, lockSession } from './lockdown.ts';
import { buildMenu } from './menu.ts';
import { handleScheme, registerScheme } from './protocol.ts';
import { Shell } from './shell.ts';
import { openWindow } from './window.ts';

/** The desktop shell: one window on one library. Everything that is about datasets happens in the engine. */
function start(libraryPath: string): void {
  const link = new EngineLink({
    libraryPath,
    clientName: 'studio',
    owner: 'window',
    env: { ...process.env, PLUMAGE_ELECTRON_VERSION: process.versions.electron },
  });
  // The engine starts while Electron still does; what fails is told to the window once it asks.
  link.ready().catch(() => undefined);
  const shell = new Shell(link);

  function open(): void {
    shell.add(openWindow(app.getPath('userData')));
  }

  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined) return open();
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('will-quit', () => link.close());
  // Not awaited at the top: Electron waits for this module before it gets ready.
  void app.whenReady().then(() => {
    lockSession(session.defaultSession);
    handleScheme(protocol, path.join(import.meta.dirname, '../renderer'), link);
    Menu.setApplicationMenu(buildMenu((command) => shell.send({ plumage: 'command', command })));
    app.on('activate', () => {
      if (BrowserWindow.getAllWindows().length === 0) open();
    });
    open();
  });
}

/** `--library DIR`; Chromium's and Electron's own arguments are not ours to judge. */
function libraryArgument(): string | undefined {
  const { values } = parseArgs({
    args: process.argv.slice(1),
    options: { library: { type: 'string' } },
    strict: false,
  });
  return typeof values.library === 'string' ? values.library : undefined;
}

app.setName('Plumage');
registerScheme(protocol);
lockCommandLine(app);
app.on('web-contents-created', (_event, contents) => lockContents(contents));

const libraryPath = realLibraryPath(libraryArgument() ?? defaultLibraryPath());
// Settings of the window, and the lock that lets one window open, are per library.
const name = createHash('sha256').update(libraryPath).digest('hex').slice(0, 16);
if (!app.commandLine.hasSwitch('user-data-dir'))
  app.setPath('userData', path.join(app.getPath('appData'), 'plumage', name));
if (app.requestSingleInstanceLock()) start(libraryPath);
else app.quit();
