import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entryOf, type EngineConnection } from '#engine/process/connect.ts';
import { chromiumFlags, findChromium } from '../../scripts/testing/chromium.mjs';
import { EngineHouse } from '../contract/support/engine-house.ts';

let house: EngineHouse;
let engine: EngineConnection;
let browser: Browser;
beforeAll(async () => {
  house = await EngineHouse.open();
  engine = await house.connect({ entry: entryOf('engine') });
  const executablePath: string = findChromium() ?? '';
  browser = await chromium.launch({ executablePath, args: chromiumFlags() });
});
afterAll(async () => {
  await browser.close();
  await house.close();
});

describe('the studio in a browser', () => {
  it('opens by its link once, talks to the engine, and breaks no rule of its own policy', async () => {
    const { url } = await engine.client.system.serve({});
    const page = await (await browser.newContext()).newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(url);
    await page.getByText('Import a folder').first().waitFor();
    expect(page.url()).toBe(`${new URL(url).origin}/`);
    expect(await page.evaluate(() => [document.cookie, crossOriginIsolated, 'plumage' in window])).toEqual([
      '',
      true,
      false,
    ]);
    await page.reload();
    await page.getByText('Import a folder').first().waitFor();
    expect(complaints).toEqual([]);
    const stranger = await (await browser.newContext()).newPage();
    const refused = await stranger.goto(url);
    expect(refused?.status()).toBe(403);
    expect(await stranger.textContent('body')).toContain('plumage serve');
  });

  it('cannot be used by the page of another site that the same browser has open', async () => {
    const { url } = await engine.client.system.serve({});
    const context = await browser.newContext();
    const own = await context.newPage();
    await own.goto(url);
    const other = await context.newPage();
    await other.route('http://evil.example/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<h1>evil</h1>' }),
    );
    await other.goto('http://evil.example/');
    const { host } = new URL(url);
    const got = await other.evaluate(async (studio) => {
      const fetched = await fetch(`http://${studio}/health`, { credentials: 'include' }).then(
        (response) => response.text(),
        () => 'refused',
      );
      const socket = await new Promise((resolve) => {
        const dialled = new WebSocket(`ws://${studio}/rpc`);
        dialled.onopen = () => resolve('open');
        dialled.onerror = () => resolve('refused');
      });
      const picture = await new Promise((resolve) => {
        const image = new Image();
        image.onload = () => resolve('shown');
        image.onerror = () => resolve('refused');
        image.src = `http://${studio}/media/1`;
      });
      return [fetched, socket, picture];
    }, host);
    expect(got).toEqual(['refused', 'refused', 'refused']);
  });
});
