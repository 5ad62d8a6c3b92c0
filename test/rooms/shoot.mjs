// Pictures of the rooms in light and dark at two sizes: `node test/rooms/shoot.mjs FOLDER [room…]`.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumFlags, findChromium } from '../../scripts/testing/chromium.mjs';
import { serveRooms } from './serve.mjs';

const [folder, ...rooms] = process.argv.slice(2);
if (!folder) throw new Error('Name a folder for the pictures.');
mkdirSync(folder, { recursive: true });
const server = await serveRooms();
const base = server.resolvedUrls.local[0];
const executablePath = findChromium();
const browser = await chromium.launch({
  args: chromiumFlags(),
  ...(executablePath ? { executablePath } : {}),
});
try {
  for (const [theme, width, height] of [
    ['light', 1440, 900],
    ['dark', 1024, 700],
  ]) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
    page.on('pageerror', (error) => process.stderr.write(`${error.stack}\n`));
    page.on(
      'console',
      (message) => message.type() === 'error' && process.stderr.write(`${message.text()}\n`),
    );
    for (const room of rooms.length > 0
      ? rooms
      : ['splits', 'runs', 'new-run', 'scores', 'settings', 'compare', 'triplets', 'label', 'neighbors']) {
      const of =
        { 'new-run': 'runs', scores: 'runs', settings: 'runs', compare: 'runs', label: 'triplets' }[room] ??
        room;
      await page.goto(`${base}?room=${of}&theme=${theme}`);
      await page.locator('main').waitFor();
      await page.waitForLoadState('networkidle');
      if (room === 'new-run') await page.getByRole('button', { name: 'New run' }).click();
      if (['scores', 'settings', 'compare'].includes(room))
        await page.getByRole('tab', { name: room, exact: false }).click();
      if (room === 'label') await page.keyboard.press('1');
      await page.waitForLoadState('networkidle');
      await page.waitForTimeout(500);
      await page.screenshot({ path: path.join(folder, `${room}-${theme}.png`) });
    }
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}
