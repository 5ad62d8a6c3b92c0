import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { type Browser, chromium } from 'playwright-core';
import { openCatalog } from '#catalog/open.ts';
import { insertSynthetic } from '#catalog/synthetic.ts';
import { sandboxFlags } from '../../scripts/commands/window.mjs';
import { electronEnvironment, knownElectron } from '../../scripts/setup/electron.mjs';
import { type Bench, median, row } from './bench.ts';
import { buildAll } from './built.ts';
import { openDisplay } from './display.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const BUDGET_MS = 2000;
const ROUNDS = 5;
const NAME = 'Small';

export const launchBench: Bench = {
  name: 'launch',
  title: 'From starting the program to a dataset that can be opened in the window',
  async run({ folder, log }) {
    await buildAll();
    const display = await openDisplay();
    if (display === null) {
      log('left out: there is neither a display nor Xvfb');
      return [];
    }
    try {
      const libraryPath = join(folder, 'launch');
      const catalog = openCatalog(libraryPath);
      insertSynthetic(catalog, { name: NAME, rootPath: folder, images: 1000, classes: 100 });
      catalog.close();
      const times: number[] = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const profile = join(folder, 'launch-profile');
        // About one launch in 35 hangs on a loaded machine.
        const time = await launch(libraryPath, profile).catch(() => launch(libraryPath, profile));
        if (round > 0) times.push(time); // the first reads the programs into memory and fills the code cache
      }
      log(`launches: ${times.map((time) => time.toFixed(0)).join(', ')} ms`);
      return [row('window usable after launch', 'ms', median(times), BUDGET_MS, 'budget', 1)];
    } finally {
      display.close();
    }
  },
};

/** Milliseconds from starting Electron until the dataset's card takes a click. */
async function launch(libraryPath: string, profile: string): Promise<number> {
  const electron = knownElectron();
  if (electron === undefined) throw new Error('There is no Electron: run `npm run setup` first.');
  const started = performance.now();
  const child = spawn(
    electron.path,
    [
      ...sandboxFlags(),
      ROOT,
      '--library',
      libraryPath,
      `--user-data-dir=${profile}`,
      '--remote-debugging-port=0',
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...electronEnvironment(electron), PLUMAGE_NODE: process.execPath },
    },
  );
  const ended = new Promise((done) => child.once('exit', done));
  let browser: Browser | undefined;
  try {
    browser = await chromium.connectOverCDP(await debuggingAddress(child));
    const context = browser.contexts()[0];
    if (context === undefined) throw new Error('The studio has no browser context.');
    const page = context.pages()[0] ?? (await context.waitForEvent('page'));
    await page.getByRole('button', { name: NAME, exact: true }).first().click({ trial: true });
    return performance.now() - started;
  } finally {
    await browser?.close();
    child.kill();
    await ended;
  }
}

function debuggingAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve_, reject) => {
    let text = '';
    child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const found = /DevTools listening on (\S+)/.exec(text)?.[1];
      if (found !== undefined) resolve_(found);
    });
    child.once('exit', () =>
      reject(new Error(`The studio ended before its window opened. ${text.slice(-500)}`)),
    );
  });
}
