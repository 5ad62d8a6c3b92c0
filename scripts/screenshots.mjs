// Remakes the pictures of the rooms for the README: `node scripts/screenshots.mjs --library FOLDER [--out docs/images]`.
// The library should hold a trained and evaluated run with mined triplets, as `npm run demo` leaves it. It is only
// looked at. Needs the Node that set-up brings (26). Without a display: `xvfb-run -a -s "-screen 0 1600x1000x24" node scripts/screenshots.mjs …`.
/* global document, innerWidth, HTMLElement, NodeFilter -- what is given to the page runs there */
import { mkdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { settled } from '../test/e2e/support/settled.ts';
import { openStudio } from '../test/e2e/support/studio.ts';
import { ROOT } from './setup/places.mjs';

const WIDTH = 1440;
const HEIGHT = 900;

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
    name: 'searches',
    title: 'Searches',
    prepare: (main) => main.getByRole('img', { name: /^Trials:/ }).waitFor(),
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
    name: 'settings',
    title: 'Settings',
    prepare: (main) =>
      main
        .getByRole('button', { name: /Import weights/ })
        .first()
        .waitFor(),
  },
  {
    name: 'doctor',
    title: 'Doctor',
    prepare: (main) => main.getByText(/Training and embedding use|No backbone|No backend/).waitFor(),
  },
];

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

mkdirSync(values.out, { recursive: true });
const { app, page, close } = await openStudio({ libraryPath: values.library });
try {
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
  await close();
}
