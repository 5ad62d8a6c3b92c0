import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chain } from './support/chain.ts';
import { Rooms } from './support/rooms.ts';
import { makeSmallDataset, type SmallDataset } from './support/small-dataset.ts';
import { openStudio, type Studio } from './support/studio.ts';
import { showAllSettings } from './support/show-all.ts';

/** Training, evaluating and mining on two busy cores. */
const WORK_MS = 180_000;
const STEPS = 150;

let data: SmallDataset;
let folder: string;
let studio: Studio;
let page: Page;
let rooms: Rooms;

const open = async (): Promise<void> => {
  studio = await openStudio({ libraryPath: join(folder, 'library') });
  ({ page } = studio);
  rooms = new Rooms(page);
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumage-main-job-'));
  data = await makeSmallDataset();
  await open();
});
afterAll(async () => {
  await studio.close();
  await data.remove();
  await rm(folder, { recursive: true, force: true });
});
const { before, after } = chain(() => page);
beforeEach(before);
afterEach(after);

const button = (name: string | RegExp, within: Page | Locator = page): Locator =>
  within.getByRole('button', { name });
const text = (locator: Locator): Promise<string> => locator.innerText();

describe('the main job, by mouse and keyboard', () => {
  it('imports a folder after a look at it, and names the file that is no image', async () => {
    const main = await rooms.open('Library');
    await main.getByRole('heading', { name: 'No dataset yet' }).waitFor();
    // The dialog of the system cannot be driven from here: it answers with the folder.
    await studio.app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
    }, data.path);
    await page.keyboard.press('Control+o');
    const dialog = page.getByRole('dialog');
    await button('Choose a folder', dialog).click();
    await dialog.getByRole('heading', { name: 'What is in the folder' }).waitFor();
    // The broken file is called .png: only reading it can tell.
    expect(await text(dialog)).toContain(`${data.images + 1} images in ${data.classes} classes`);
    expect(await dialog.getByRole('textbox', { name: 'Name' }).inputValue()).toBe(data.name);
    await button('Import', dialog).click();
    await dialog.getByRole('heading', { name: 'Imported' }).waitFor({ timeout: WORK_MS });
    await dialog.getByText(`has ${data.images} images in ${data.classes} classes`).waitFor();
    expect(await text(dialog)).toContain('1 group of copies');
    await button('Show the files and the reasons', dialog).click();
    const problems = page.getByRole('dialog', { name: 'Files that could not be read' });
    const row = problems.getByRole('row').filter({ hasText: data.broken });
    await row.waitFor();
    expect(await text(row)).toContain('The content is not an image.');
    await page.keyboard.press('Escape');
    await button('Open the images', page.getByRole('dialog')).click();
    await page.getByRole('main', { name: 'Images' }).waitFor();
  });

  it('filters by class, relabels the copy, and takes it back with Ctrl+Z and with Z', async () => {
    const main = await rooms.open('Images');
    await rooms.says(main, `${data.images} images`);
    const { filedAs, belongsTo } = data.copy;
    const facet = button(new RegExp(`^${filedAs} \\d`), main);
    const count = Number(/\d+$/.exec(await text(facet))?.[0]);
    await facet.click();
    const grid = main.getByRole('listbox');
    await rooms.says(main, `${count} images`);
    const copy = grid.getByRole('option', { name: /copy of/ });
    const relabel = async (): Promise<void> => {
      await copy.click();
      await page.keyboard.press('l');
      const box = page.getByRole('combobox', { name: 'Class, or a new name' });
      await box.fill(belongsTo);
      await page.getByRole('option', { name: new RegExp(`^${belongsTo} `) }).waitFor();
      await page.keyboard.press('Enter');
      await rooms.says(main, `${count - 1} images`);
      await copy.waitFor({ state: 'detached' });
    };
    await relabel();
    await page.keyboard.press('Control+z');
    await rooms.says(main, `${count} images`);
    await relabel();
    await page.keyboard.press('z');
    await rooms.says(main, `${count} images`);
    await copy.click();
    const inspector = page.getByRole('complementary', { name: 'Inspector' });
    await inspector.getByText(data.copy.path).waitFor();
    await inspector.getByText(filedAs, { exact: true }).first().waitFor();
  });

  it('splits by class and names the copy that lies on both sides', async () => {
    const main = await rooms.open('Splits', 'Control+3');
    const form = main.getByRole('form', { name: 'New split' });
    // With this seed the two classes of the copy lie on different sides.
    await form.getByRole('textbox', { name: 'Seed' }).fill('0');
    await form.getByRole('textbox', { name: 'Name' }).fill('half');
    await button('Make the split', form).click();
    const card = main.getByRole('article', { name: 'Split half' });
    await card.getByText('1 leak').waitFor();
    await main.getByText('1 exact and 0 near copies lie in two parts at once').waitFor();
    const pairs = main.getByRole('region', { name: 'Pairs that leak' });
    await pairs.getByRole('heading', { name: '1 pair' }).waitFor();
    await pairs.getByText(data.copy.path).waitFor();
    // The other way is to leave it out.
    await form.getByRole('textbox', { name: 'Name' }).fill('half, clean');
    await form.getByRole('switch', { name: /Drop training images/ }).press('Space');
    await button('Make the split', form).click();
    await main.getByRole('article', { name: 'Split half, clean' }).getByText('no leaks').waitFor();
    await main.getByText('No image has an exact or near copy in another part.').waitFor();
  });

  it('trains with live curves, pauses, resumes and ends', async () => {
    await button('Train on this split').click();
    const main = page.getByRole('main', { name: 'Runs' });
    const form = main.getByRole('form', { name: 'New run' });
    const preset = button(/^Small set on a processor/, form);
    await preset.click();
    expect(await preset.getAttribute('aria-pressed')).toBe('true');
    await showAllSettings(form);
    for (const [name, value] of [
      ['Image size', '64'],
      ['Batch', '16'],
      ['Epochs', '100'],
      ['Steps at most', String(STEPS)],
      ['Name', 'first try'],
    ] as const) {
      await form.getByRole('textbox', { name, exact: true }).fill(value);
    }
    await form.getByText(`4 changed`).waitFor();
    await form.getByText(`${STEPS} steps`).waitFor();
    await button('Start training', form).click();
    await main.getByRole('heading', { name: 'first try' }).waitFor();
    await rooms.stepBeyond(main, 3);
    await button('Pause', main).click();
    await button('Resume', main).waitFor({ timeout: WORK_MS });
    const paused = await rooms.step(main);
    expect(paused).toBeGreaterThan(3);
    expect(paused).toBeLessThan(STEPS);
    await button('Resume', main).click();
    await rooms.stepBeyond(main, paused);
    const runs = main.getByRole('navigation', { name: 'Runs' });
    await button(/^first try Done/, runs).waitFor({ timeout: WORK_MS });
    expect(await rooms.step(main)).toBe(STEPS);
    for (const title of ['Loss', 'Validation R@1', 'Learning rates']) {
      await main.getByText(title, { exact: true }).first().waitFor();
    }
    await main.getByText(/best validation R@1 \d/).waitFor();
  });

  it('evaluates with the untrained backbone beside', async () => {
    const main = page.getByRole('main', { name: 'Runs' });
    await main.getByRole('tab', { name: 'Scores' }).click();
    await button('Evaluate the best checkpoint', main).click();
    const scores = main.getByRole('article', { name: /^Scores of first try/ });
    await scores.waitFor({ timeout: WORK_MS });
    await scores.getByRole('columnheader', { name: 'Zero-shot' }).waitFor();
    const recall = await text(scores.getByRole('row').filter({ hasText: 'R@1' }).first());
    // Trained, intervals over queries and over classes, zero-shot, difference.
    expect(recall).toMatch(/R@1\s+0\.\d+(\s+0\.\d+ – [01]\.\d+){2}\s+0\.\d+\s+[+−]?0\.\d+/);
    expect(await text(scores)).toMatch(/\d+ queries of 20 classes/);
  });

  it('mines triplets and reviews them by key', async () => {
    const main = await rooms.open('Triplets', 'Control+6');
    await button('Mine now', main).click();
    const triplet = main.getByRole('region', { name: 'Triplet in focus' });
    await triplet.waitFor({ timeout: WORK_MS });
    await main.getByText(/^1 of \d+/).waitFor();
    await page.keyboard.press('j');
    await main.getByText(/^2 of \d+/).waitFor();
    await page.keyboard.press('k');
    await main.getByText(/^1 of \d+/).waitFor();
    await page.keyboard.press('3');
    await main.getByText('1 reviewed').waitFor();
    const first = button(/^Triplet 1:.*True look-alike/, main);
    await first.waitFor();
    await page.keyboard.press('z');
    await main.getByText('0 reviewed').waitFor();
    await first.waitFor({ state: 'detached' });
    await button(/^Triplet 1:/, main).click();
    await page.keyboard.press('3');
    await first.waitFor();
    await main.getByText('1 reviewed').waitFor();
  });

  it('has the verdict after a restart', async () => {
    await studio.close();
    await open();
    const main = await rooms.open('Triplets', 'Control+6');
    await button(/^Triplet 1:.*True look-alike/, main).waitFor();
    await main.getByText('1 reviewed').waitFor();
  });

  it('shows the neighbours of the worst query, hits and misses marked, beside those without training', async () => {
    const main = await rooms.open('Neighbours');
    await main.getByRole('heading', { name: 'Failing queries' }).waitFor();
    await button(/^Query 1:/, main).waitFor();
    await expect
      .poll(() => button(/^Query 1:/, main).getAttribute('aria-current'), { timeout: WORK_MS })
      .toBe('true');
    const trained = main.getByRole('region', { name: 'first try' });
    await button(/^Neighbour 1: .*, other class$/, trained).waitFor();
    expect(await button(/^Neighbour \d+: .*, (same|other) class$/, trained).count()).toBe(10);
    const before = main.getByRole('region', { name: 'Zero-shot' });
    expect(await button(/^Neighbour \d+:/, before).count()).toBe(10);
    await main.getByText(/\d+ neighbours? entered, \d+ left since zero-shot/).waitFor();
    await main.getByRole('switch', { name: 'Compare with zero-shot' }).press('Space');
    await before.waitFor({ state: 'detached' });
    await page.keyboard.press('j');
    await expect
      .poll(() => button(/^Query 2:/, main).getAttribute('aria-current'), { timeout: WORK_MS })
      .toBe('true');
  });

  it('says what computes', async () => {
    const main = await rooms.open('Doctor');
    await main.getByText(/Training and embedding use (tensorflow|wasm)/).waitFor();
    await main.getByText(folder, { exact: false }).first().waitFor();
  });
});
