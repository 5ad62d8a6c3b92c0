import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ElectronApplication, type Page, _electron } from 'playwright-core';
import { sandboxFlags } from '../../../scripts/commands/window.mjs';
import { electronEnvironment, knownElectron } from '../../../scripts/setup/electron.mjs';

const ROOT = resolve(import.meta.dirname, '../../..');
/** One launch in about thirty-five hangs on a loaded machine; it is tried once more. */
const LAUNCH_TRIES = 3;
const LAUNCH_MS = 20_000;

export interface Studio {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly libraryPath: string;
  close(): Promise<void>;
}

/** The built studio in a real window, on a library of its own unless one is given. */
export async function openStudio(options: { libraryPath?: string } = {}): Promise<Studio> {
  const electron = knownElectron();
  if (electron === undefined) throw new Error('There is no Electron: run `npm run setup` first.');
  const folder = await mkdtemp(join(tmpdir(), 'plumage-e2e-'));
  const libraryPath = options.libraryPath ?? join(folder, 'library');
  const launch = (): Promise<ElectronApplication> =>
    _electron.launch({
      executablePath: electron.path,
      args: [...sandboxFlags(), ROOT, '--library', libraryPath, `--user-data-dir=${join(folder, 'profile')}`],
      env: {
        ...(process.env as Record<string, string>),
        ...electronEnvironment(electron),
        PLUMAGE_NODE: process.execPath,
      },
      timeout: LAUNCH_MS,
    });
  let app: ElectronApplication | undefined;
  for (let tries = 1; app === undefined; tries++) {
    try {
      app = await launch();
    } catch (error) {
      if (tries >= LAUNCH_TRIES) throw error;
    }
  }
  const opened = app;
  const page = await opened.firstWindow();
  return {
    app: opened,
    page,
    libraryPath,
    close: async () => {
      await opened.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
