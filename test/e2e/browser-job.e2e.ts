import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumFlags, findChromium } from '../../scripts/testing/chromium.mjs';
import { chain } from './support/chain.ts';
import { CommandLine, type Running } from './support/command-line.ts';
import { Rooms } from './support/rooms.ts';
import { settled } from './support/settled.ts';
import { makeSmallDataset, type SmallDataset } from './support/small-dataset.ts';

const WORK_MS = 180_000;
const ROOMS = ['Library', 'Images', 'Splits', 'Runs', 'Triplets', 'Neighbours', 'Doctor'];

let folder: string;
let data: SmallDataset;
let plumage: CommandLine;
let serving: Running;
let browser: Browser;
let page: Page;
let rooms: Rooms;
const complaints: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumage-browser-job-'));
  data = await makeSmallDataset();
  plumage = new CommandLine(join(folder, 'library'));
  serving = plumage.start('serve', '--json');
  const [, url = ''] = await serving.printed(/"url":"([^"]+)"/);
  browser = await chromium.launch({ executablePath: findChromium() ?? '', args: chromiumFlags() });
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(url);
  rooms = new Rooms(page);
});
afterAll(async () => {
  await browser.close();
  serving.process.kill('SIGINT');
  await serving.ended;
  await data.remove();
  await rm(folder, { recursive: true, force: true });
});
const { before, after } = chain(() => page);
beforeEach(before);
afterEach(after);

describe('the main job in a browser', () => {
  it('imports a folder by its path', async () => {
    const main = await rooms.open('Library');
    await main.getByRole('button', { name: 'Import a folder' }).first().click();
    const dialog = page.getByRole('dialog');
    const path = dialog.getByRole('textbox', { name: 'Path of the folder' });
    await path.fill(join(folder, 'missing'));
    await dialog.getByRole('button', { name: 'Look inside' }).click();
    await dialog.getByRole('alert').waitFor();
    expect(await dialog.getByRole('alert').innerText()).toContain(join(folder, 'missing'));
    await path.fill(data.path);
    await page.keyboard.press('Enter');
    await dialog.getByRole('heading', { name: 'What is in the folder' }).waitFor();
    await dialog.getByRole('button', { name: 'Import' }).click();
    await dialog.getByRole('heading', { name: 'Imported' }).waitFor({ timeout: WORK_MS });
    await dialog.getByText('1 file could not be read').waitFor();
    await dialog.getByRole('button', { name: 'Open the images' }).click();
  });

  it('shows the images, large too', async () => {
    const main = page.getByRole('main', { name: 'Images' });
    await rooms.says(main, `${data.images} images`);
    const grid = main.getByRole('listbox');
    await grid.getByRole('option').nth(3).dblclick();
    const viewer = page.getByRole('dialog');
    const picture = viewer.getByRole('img').first();
    await picture.waitFor();
    await expect
      .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth), { timeout: WORK_MS })
      .toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
  });

  it('splits by class', async () => {
    const main = await rooms.open('Splits');
    const form = main.getByRole('form', { name: 'New split' });
    await form.getByRole('textbox', { name: 'Name' }).fill('half');
    await form.getByRole('button', { name: 'Make the split' }).click();
    await main.getByRole('article', { name: 'Split half' }).getByText('1 leak').waitFor();
  });

  it('shows what a command on the same library does, as it happens', async () => {
    const main = await rooms.open('Neighbours');
    await main.getByRole('heading', { name: 'Nothing evaluated yet' }).waitFor();
    await plumage.json('evaluate', '--zero-shot', '--dataset', data.name, '--split', 'half', '--size', '64');
    await main.getByRole('heading', { name: 'Failing queries' }).waitFor({ timeout: WORK_MS });
    const zeroShot = main.getByRole('region', { name: 'Zero-shot' });
    await main.getByRole('button', { name: /^Query 1:/ }).click();
    await zeroShot.getByRole('button', { name: /^Neighbour 1: .*, other class$/ }).waitFor();
    expect(await zeroShot.getByRole('button', { name: /^Neighbour \d+:/ }).count()).toBe(10);
    // A neighbour becomes the query, and the way leads back.
    const first = await main.getByRole('button', { name: /^Query: / }).getAttribute('aria-label');
    await zeroShot.getByRole('button', { name: /^Neighbour 1:/ }).click();
    const query = main.getByRole('button', { name: /^Query: / });
    await expect.poll(() => query.getAttribute('aria-label'), { timeout: WORK_MS }).not.toBe(first);
    await page.keyboard.press('Alt+ArrowLeft');
    await expect.poll(() => query.getAttribute('aria-label'), { timeout: WORK_MS }).toBe(first);
  });

  it('breaks no rule that axe calls serious, in any room, light and dark', async () => {
    // Rooms with something in them.
    const train = [
      'train',
      data.name,
      '--split',
      'half',
      '--preset',
      'demo',
      '--size',
      '64',
      '--batch',
      '16',
    ];
    await plumage.json(...train, '--steps', '12', '--name', 'short');
    await plumage.json('evaluate', '--run', 'short');
    await plumage.json('mine', '--run', 'short');
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const title of ROOMS) {
        const main = await rooms.open(title);
        await main.getByRole('button').first().waitFor();
        await settled(page);
        const { violations } = await new AxeBuilder({ page }).analyze();
        for (const { id, impact, nodes } of violations) {
          if (impact !== 'serious' && impact !== 'critical') continue;
          found.push(...nodes.map(({ html }) => `${title}, ${colorScheme}: ${id}: ${html.slice(0, 200)}`));
        }
      }
    }
    expect(found).toEqual([]);
  });

  it('has complained of nothing on the way', () => {
    expect(complaints).toEqual([]);
  });
});
