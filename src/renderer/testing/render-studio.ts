import '@fontsource-variable/inter/wght.css';
import axe from 'axe-core';
import { flushSync } from 'svelte';
import { render } from 'vitest-browser-svelte';
import { page } from 'vitest/browser';
import Root from '../Root.svelte';
import type { App } from '../state/app.svelte.ts';
import '../ui/base.css';
import '../ui/tokens.css';
import { type FakeEngine, type FakeOptions, fakeEngine } from './fake-engine.ts';

export interface RenderedStudio {
  readonly app: App;
  readonly engine: FakeEngine;
}

/** The whole window on a fake engine, at 1280 x 800. */
export async function renderStudio(options: FakeOptions = {}): Promise<RenderedStudio> {
  localStorage.clear();
  await page.viewport(1280, 800);
  // Colours half-way through a transition would be measured as too pale.
  for (const name of ['--fast', '--slow']) document.documentElement.style.setProperty(name, '0ms');
  const engine = fakeEngine(options);
  let app: App | undefined;
  await render(Root, { connect: engine.connect, onApp: (made: App) => (app = made) });
  if (app === undefined) throw new Error('Root did not make its state.');
  flushSync();
  return { app, engine };
}

/** Rules of WCAG 2.2 A and AA that the page breaks, each with the elements: empty when all is well. */
export async function accessibilityFaults(): Promise<readonly string[]> {
  const { violations } = await axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  });
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
  );
}
