import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chain } from './support/chain.ts';
import { CommandLine } from './support/command-line.ts';
import { type EmojiSlice, makeEmojiSlice } from './support/emoji-slice.ts';
import { Rooms } from './support/rooms.ts';
import { openStudio, type Studio } from './support/studio.ts';
import { showAllSettings } from './support/show-all.ts';

const WORK_MS = 180_000;
const STEPS = 12;

let data: EmojiSlice;
let folder: string;
let studio: Studio;
let page: Page;
let rooms: Rooms;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumage-methods-form-'));
  const libraryPath = join(folder, 'library');
  const plumage = new CommandLine(libraryPath);
  data = await makeEmojiSlice({ classes: 40, side: 64 });
  await plumage.json('import', data.path, '--name', 'slice');
  await plumage.json('split', 'slice', '--seed', '0', '--name', 'half');
  studio = await openStudio({ libraryPath });
  ({ page } = studio);
  rooms = new Rooms(page);
});
afterAll(async () => {
  await studio.close();
  await data.remove();
  // The engine that the commands started leaves a moment after the last of them.
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
});
const { before, after } = chain(() => page);
beforeEach(before);
afterEach(after);

const button = (name: string | RegExp, within: Page | Locator = page): Locator =>
  within.getByRole('button', { name });

/** A family each: one compares images, one trains proxies, one a classifier beside the embedding. */
const STARTED = [
  { id: 'triplet', own: 'Mining' },
  { id: 'proxy-anchor', own: 'Sharpness (α)' },
  { id: 'two-head', own: 'Weight of the ranking (λ)' },
] as const;

describe('methods of three families from the run form', () => {
  it.each(STARTED)('$id shows its own settings, starts and ends', async ({ id, own }) => {
    const main = await rooms.open('Runs');
    const runs = main.getByRole('navigation', { name: 'Runs' });
    await button('New run', runs).click();
    const form = main.getByRole('form', { name: 'New run' });
    await form.getByLabel('Method', { exact: true }).selectOption(id);
    await form.getByLabel(own, { exact: true }).waitFor();
    await showAllSettings(form);
    for (const [name, value] of [
      ['Image size', '64'],
      ['Batch', '16'],
      ['Steps at most', String(STEPS)],
      ['Name', `tried ${id}`],
    ] as const) {
      await form.getByRole('textbox', { name, exact: true }).fill(value);
    }
    await form.getByText(`${STEPS} steps`).waitFor();
    await button('Start training', form).click();
    await main.getByRole('heading', { name: `tried ${id}` }).waitFor();
    await button(new RegExp(`^tried ${id} Done`), runs).waitFor({ timeout: WORK_MS });
    expect(await rooms.step(main)).toBe(STEPS);
    await main.getByText(/best validation R@1 \d/).waitFor();
  });
});
