import { linkSync, mkdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import type { Catalog } from '#catalog/catalog.ts';
import { openCatalog } from '#catalog/open.ts';
import { insertSynthetic } from '#catalog/synthetic.ts';
import { thumbnailPath } from '#images/thumbnails/thumbnail-file.ts';
import { type Studio, openStudio } from '../e2e/support/studio.ts';
import { type Bench, row } from './bench.ts';
import { buildAll } from './built.ts';
import { openDisplay } from './display.ts';
import { residentMegabytes } from './memory.ts';
import { type TraceEvent, scriptPerFrame } from './window/frames.ts';

const IMAGES = 1_000_000;
const CLASSES = 5000;
/** Images at the beginning that have a picture; further down the grid shows that there is none. */
const PICTURES = 8000;
const NAME = 'A million';
const BUDGET = { openMs: 1000, frameMs: 16, windowMb: 300 };

export const gridBench: Bench = {
  name: 'grid',
  title: 'A grid of 1,000,000 catalogued images in the window',
  async run({ folder, log }) {
    await buildAll();
    const display = await openDisplay();
    if (display === null) {
      log('left out: there is neither a display nor Xvfb');
      return [];
    }
    try {
      const libraryPath = join(folder, 'million');
      const catalog = openCatalog(libraryPath);
      insertSynthetic(catalog, {
        name: NAME,
        rootPath: join(folder, 'nowhere'),
        images: IMAGES,
        classes: CLASSES,
      });
      await givePictures(catalog, libraryPath);
      catalog.close();
      const studio = await openStudio({ libraryPath });
      try {
        const openMs = await openDataset(studio.page);
        const frames = (await traceScrolling(studio, join(folder, 'trace.json'))).sort((a, b) => a - b);
        const pid = await pageProcess(studio);
        const memory = await residentMegabytes(pid);
        const at = (share: number): number => frames[Math.floor(share * frames.length)] ?? Number.NaN;
        log(
          `${String(frames.length)} frames: script p50 ${at(0.5).toFixed(1)}, p95 ${at(0.95).toFixed(1)}, most ${(frames.at(-1) ?? 0).toFixed(1)} ms`,
        );
        return [
          row('open 1,000,000 images', 'ms', openMs, BUDGET.openMs, 'budget', 1),
          row('script in a frame while scrolling, p95', 'ms', at(0.95), BUDGET.frameMs, 'budget', 1),
          row("window's memory after it", 'MB', memory, BUDGET.windowMb, 'budget', 1),
        ];
      } finally {
        await studio.close();
      }
    } finally {
      display.close();
    }
  },
};

/** One picture with detail, linked under the names of the first images in the order shown. */
async function givePictures(catalog: Catalog, libraryPath: string): Promise<void> {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const jpeg = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#000', noise } })
    .resize(256, 256)
    .jpeg({ quality: 82 })
    .toBuffer();
  const original = join(libraryPath, 'thumbnail.jpg');
  await writeFile(original, jpeg);
  const rows = catalog
    .sql<{ content_hash: Uint8Array }>('SELECT content_hash FROM images ORDER BY id LIMIT ?')
    .all(PICTURES);
  for (const { content_hash } of rows) {
    const path = thumbnailPath(libraryPath, Buffer.from(content_hash).toString('hex'));
    mkdirSync(dirname(path), { recursive: true });
    linkSync(original, path);
  }
}

/** Milliseconds from the click on the dataset until its first images stand in the grid. */
async function openDataset(page: Page): Promise<number> {
  await page.getByRole('button', { name: NAME, exact: true }).first().waitFor();
  return page.evaluate(async (name) => {
    const button = [...document.querySelectorAll('button')].find(
      ({ textContent }) => textContent.trim() === name,
    );
    if (button === undefined) throw new Error('no card');
    const started = performance.now();
    button.click();
    while (document.querySelector('.grid-option[data-image-id]:not([data-image-id=""])') === null)
      await new Promise(requestAnimationFrame);
    return performance.now() - started;
  }, NAME);
}

/** Turns the wheel through pictures, then jumps along the scroll bar; script of each frame, ms. */
async function traceScrolling(studio: Studio, file: string): Promise<number[]> {
  const { app, page } = studio;
  await app.evaluate(({ contentTracing }) =>
    contentTracing.startRecording({
      included_categories: ['devtools.timeline', 'v8', 'disabled-by-default-v8.gc'],
    }),
  );
  const box = await page.getByRole('listbox').last().boundingBox();
  if (box === null) throw new Error('There is no grid to scroll.');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let notch = 0; notch < 300; notch++) await page.mouse.wheel(0, notch < 220 ? 120 : -120);
  await page.evaluate(async () => {
    const host = document.querySelector('.image-grid');
    if (host === null) throw new Error('no grid');
    for (let jump = 1; jump <= 60; jump++) {
      host.scrollTop = (((jump * 37) % 61) / 61) * host.scrollHeight;
      await new Promise(requestAnimationFrame);
    }
  });
  await app.evaluate(({ contentTracing }, path) => contentTracing.stopRecording(path), file);
  const { traceEvents } = JSON.parse(await readFile(file, 'utf8')) as { traceEvents: TraceEvent[] };
  return scriptPerFrame(traceEvents, await pageProcess(studio));
}

const pageProcess = ({ app }: Studio): Promise<number> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0);
