import path from 'node:path';
import { type ElectronApplication, type Page, _electron } from 'playwright-core';
import { knownElectron } from '../../../scripts/setup/electron.mjs';

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** About one launch in 35 hangs on a loaded machine. */
const LAUNCH_MS = 20_000;

export interface Desktop {
  readonly app: ElectronApplication;
  readonly page: Page;
}

/** The Electron that set-up found. */
export function electronPath(): string {
  const electron: { readonly path: string } | undefined = knownElectron();
  if (electron === undefined) throw new Error('There is no Electron: run `npm run setup` first.');
  return electron.path;
}

/** Starts the built studio on a library. `env` is added to the environment of this process. */
export async function launchDesktop(libraryPath: string, env: Record<string, string> = {}): Promise<Desktop> {
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const launch = async (): Promise<Desktop> => {
    const app = await _electron.launch({
      executablePath: electronPath(),
      args: [...(isRoot ? ['--no-sandbox'] : []), ROOT, '--library', libraryPath],
      env: { ...(process.env as Record<string, string>), ...env },
      timeout: LAUNCH_MS,
    });
    return { app, page: await app.firstWindow({ timeout: LAUNCH_MS }) };
  };
  try {
    return await launch();
  } catch {
    return await launch();
  }
}
