import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectOrStart } from '#engine/process/connect.ts';
import { isAlive, until } from '../contract/support/engine-house.ts';
import { type Desktop, launchDesktop } from './support/desktop.ts';

let folder: string;
let library: string;
let desktop: Desktop | null;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'plumage-e2e-')));
  library = path.join(folder, 'library');
  desktop = null;
});
afterEach(async () => {
  await desktop?.app.close();
  rmSync(folder, { recursive: true, force: true });
});

const environment = (): Record<string, string> => ({
  PLUMAGE_NODE: process.execPath,
  XDG_RUNTIME_DIR: folder,
  XDG_CONFIG_HOME: path.join(folder, 'config'),
});

describe('the desktop window on a real engine', () => {
  it('shares its engine with the command line, and takes it along when it closes', async () => {
    desktop = await launchDesktop(library, environment());
    await desktop.page.getByText('Import a folder').first().waitFor();
    const env = { ...process.env, ...environment() };
    const cli = await connectOrStart({ libraryPath: library, clientName: 'cli', env });
    expect(cli.started).toBe(false);
    expect(await cli.client.datasets.list({})).toEqual([]);
    cli.close();
    await desktop.app.close();
    desktop = null;
    await until(() => !isAlive(cli.pid));
  });

  it('tells what is wrong with a damaged catalogue, and leaves it as it is', async () => {
    mkdirSync(library);
    const file = path.join(library, 'catalog.sqlite');
    const damaged = 'this is no catalogue '.repeat(1000);
    writeFileSync(file, damaged);
    desktop = await launchDesktop(library, environment());
    await desktop.page.getByText('is damaged').first().waitFor();
    expect(readFileSync(file, 'utf8')).toBe(damaged);
  });

  it('knows the paths of files that are dropped on it', async () => {
    const file = path.join(folder, 'Vögel und Federn.txt');
    writeFileSync(file, 'x');
    desktop = await launchDesktop(library, environment());
    await desktop.page.goto('app://studio/nothing-here');
    await desktop.page.evaluate(() =>
      document.body.append(Object.assign(document.createElement('input'), { type: 'file' })),
    );
    await desktop.page.locator('input').setInputFiles(file);
    const paths = await desktop.page.evaluate(() => {
      const files = [...(document.querySelector('input')?.files ?? [])];
      return window.plumage?.request({ kind: 'dropped-paths', files: [...files, 'no file'] });
    });
    expect(paths).toEqual([file]);
  });

  it('opens again where it was closed', async () => {
    desktop = await launchDesktop(library, environment());
    const placed = { x: 40, y: 30, width: 1000, height: 640 };
    await desktop.app.evaluate(
      ({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds),
      placed,
    );
    await desktop.app
      .evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
      .catch(() => undefined);
    await desktop.app.close().catch(() => undefined);
    desktop = await launchDesktop(library, environment());
    const bounds = await desktop.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.getNormalBounds(),
    );
    expect(bounds).toMatchObject({ width: 1000, height: 640 });
  });
});
