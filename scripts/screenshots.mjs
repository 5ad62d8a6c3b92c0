// Remakes the pictures of the rooms for the README: `node scripts/screenshots.mjs --library FOLDER [--out docs/images]`.
// The library should hold a trained and evaluated run with mined triplets, as `npm run demo` leaves it. It is only
// looked at. Without a display: `xvfb-run -a -s "-screen 0 1600x1000x24" node scripts/screenshots.mjs …`.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { _electron } from 'playwright-core';
import sharp from 'sharp';
import { sandboxFlags } from './commands/window.mjs';
import { electronEnvironment, knownElectron } from './setup/electron.mjs';
import { ROOT } from './setup/places.mjs';

const WIDTH = 1440;
const HEIGHT = 900;
const LAUNCH_TRIES = 3;

const { values } = parseArgs({
  options: {
    library: { type: 'string' },
    out: { type: 'string', default: path.join(ROOT, 'docs', 'images') },
    dataset: { type: 'string' },
    run: { type: 'string' },
  },
});
if (!values.library) {
  process.stderr.write('Name a library: node scripts/screenshots.mjs --library FOLDER\n');
  process.exit(2);
}

/** Every room as it is worth a picture; each waits for what it shows. */
const ROOMS = [
  { name: 'library', title: 'Library', prepare: (main) => main.getByRole('article').first().waitFor() },
  {
    name: 'images',
    title: 'Images',
    async prepare(main) {
      const option = main.getByRole('option').nth(9);
      await option.click();
    },
  },
  {
    name: 'splits',
    title: 'Splits',
    prepare: (main) => main.getByRole('region', { name: 'Leaks between parts' }).waitFor(),
  },
  {
    name: 'runs',
    title: 'Runs',
    prepare: (main) => main.getByRole('tab', { name: 'Curves' }).click(),
  },
  {
    name: 'scores',
    title: 'Runs',
    async prepare(main) {
      await main.getByRole('tab', { name: 'Scores' }).click();
      await main.getByRole('article').first().waitFor();
    },
  },
  {
    name: 'new-run',
    title: 'Runs',
    async prepare(main) {
      await main.getByRole('button', { name: 'New run' }).click();
      await main
        .getByRole('form', { name: 'New run' })
        .getByText(/\d+ steps/)
        .first()
        .waitFor();
    },
  },
  {
    name: 'triplets',
    title: 'Triplets',
    async prepare(main, page) {
      await main.getByText(/^1 of /).waitFor();
      for (const at of [2, 3]) {
        await page.keyboard.press('j');
        await main.getByText(new RegExp(`^${at} of `)).waitFor();
      }
    },
  },
  {
    name: 'neighbors',
    title: 'Neighbours',
    async prepare(main) {
      await main.getByRole('button', { name: /^Query 3:/ }).click();
      await main
        .getByRole('button', { name: /^Neighbour 10:/ })
        .first()
        .waitFor();
    },
  },
  {
    name: 'doctor',
    title: 'Doctor',
    prepare: (main) => main.getByText(/Training and embedding use|No backbone|No backend/).waitFor(),
  },
];

async function launch(folder) {
  const electron = knownElectron();
  if (!electron) throw new Error('There is no Electron: run `npm run setup` first.');
  for (let tries = 1; ; tries += 1) {
    try {
      return await _electron.launch({
        executablePath: electron.path,
        args: [...sandboxFlags(), ROOT, '--library', values.library, `--user-data-dir=${folder}`],
        env: { ...process.env, ...electronEnvironment(electron), PLUMAGE_NODE: process.execPath },
        timeout: 20_000,
      });
    } catch (error) {
      // A launch hangs now and then on a busy machine.
      if (tries >= LAUNCH_TRIES) throw error;
    }
  }
}

/** Nothing is on its way any more: no skeleton, no picture in view that is not drawn, nothing that moves. */
const settled = (page) =>
  page.waitForFunction(() => {
    const drawn = (image) => {
      const { x, y, width, height } = image.getBoundingClientRect();
      const seen = document.elementFromPoint(x + width / 2, y + height / 2)?.contains(image) ?? false;
      return !seen || (image.complete && image.naturalWidth > 0);
    };
    return (
      !document.querySelector('.skeleton, [role="alert"]') &&
      [...document.images].every(drawn) &&
      document.getAnimations().every((animation) => animation.playState !== 'running')
    );
  });

/** A picture names no folder of the machine that it was taken on: the Doctor's paths read as a user's own. */
const hidePaths = (page) =>
  page.evaluate(
    ([library, home]) => {
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const node = texts.currentNode;
        const shown = node.data.replaceAll(library, '~/.local/share/plumage').replaceAll(home, '~');
        if (shown !== node.data) node.data = shown;
      }
    },
    [realpathSync(values.library), homedir()],
  );

/** Takes in hand what was named: the top bar's pickers are buttons with the word before the value. */
async function choose(page, label, name) {
  if (name === undefined) return;
  await page.locator(`button.picker[title^="${label}:"]`).click();
  await page.getByRole('button', { name }).last().click();
}

const profile = mkdtempSync(path.join(tmpdir(), 'plumage-pictures-'));
mkdirSync(values.out, { recursive: true });
const app = await launch(profile);
try {
  const page = await app.firstWindow();
  await app.evaluate(
    ({ BrowserWindow }, [width, height]) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height),
    [WIDTH, HEIGHT],
  );
  await page.waitForFunction((width) => innerWidth === width, WIDTH);
  const rail = page.getByRole('navigation', { name: 'Rooms' });
  await rail.waitFor();
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await choose(page, 'Dataset', values.dataset);
    await choose(page, 'Run', values.run);
    for (const { name, title, prepare } of ROOMS) {
      await rail.getByRole('button', { name: title, exact: true }).click();
      const main = page.getByRole('main', { name: title });
      await main.waitFor();
      await prepare(main, page);
      // The pointer rests where it points at nothing, and no ring is drawn around what was pressed last.
      await page.mouse.move(WIDTH / 2, 2);
      await page.evaluate(
        () => document.activeElement instanceof HTMLElement && document.activeElement.blur(),
      );
      await settled(page);
      await hidePaths(page);
      const file = path.join(values.out, `${name}-${colorScheme}.png`);
      const picture = await page.screenshot();
      await sharp(picture).png({ palette: true, quality: 95, effort: 8 }).toFile(file);
      process.stdout.write(`${file}\n`);
      // The room begins anew for the next picture.
      await rail.getByRole('button', { name: 'Library', exact: true }).click();
    }
  }
} finally {
  await app.close();
  rmSync(profile, { recursive: true, force: true });
}
