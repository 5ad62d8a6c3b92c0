import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { cleanup } from 'vitest-browser-svelte';
import { imageDetail, imageRow } from '../testing/catalog-data.ts';
import { accessibilityFaults, renderStudio } from '../testing/render-studio.ts';

beforeEach(() => cleanup());
afterEach(() => {
  Reflect.deleteProperty(window, 'plumage');
});

const LONG = 'Pseudolarix'.repeat(20);

async function inspect(over: object = {}) {
  const detail = { ...imageDetail(imageRow(0, 100, 6000), imageRow(1, 100, 6000)), ...over };
  const studio = await renderStudio({ parts: { images: { get: () => Promise.resolve(detail) } } });
  await vi.waitFor(() => expect(studio.app.studio.dataset).not.toBeNull());
  studio.app.studio.go('images');
  studio.app.studio.inspect(1);
  await expect.element(page.getByRole('button', { name: /^Path: / })).toBeVisible();
  return { ...studio, detail };
}

describe('the inspector', () => {
  it('stays as wide as its panel with a class, a tag and a path of hundreds of characters', async () => {
    await inspect({
      className: LONG,
      importedClassName: `${LONG}a`,
      tags: [LONG],
      path: `${LONG}/${LONG}.jpg`,
    });
    const panel = page.getByRole('complementary', { name: 'Inspector' }).element();
    expect(panel.scrollWidth).toBe(panel.clientWidth);
    const edge = panel.getBoundingClientRect().right;
    for (const element of panel.querySelectorAll('section, button, .badge, .thumb, .name, .text')) {
      expect(element.getBoundingClientRect().right, element.className).toBeLessThanOrEqual(edge);
    }
    const name = page.getByRole('button', { name: LONG, exact: true }).first().element();
    expect(name.getBoundingClientRect().height).toBeLessThan(100);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('copies through the shell in the desktop window, where the page may not', async () => {
    const { detail } = await inspect();
    const request = vi.fn(() => Promise.resolve());
    Object.defineProperty(window, 'plumage', { configurable: true, value: { request } });
    await page.getByRole('button', { name: /^Path: / }).click();
    expect(request).toHaveBeenCalledWith({ kind: 'copy-text', text: detail.path });
    await expect.element(page.getByText('Copied')).toBeInTheDocument();
  });

  it('says the value when nothing may copy it', async () => {
    const { detail } = await inspect();
    const request = vi.fn(() => Promise.reject(new Error('no')));
    Object.defineProperty(window, 'plumage', { configurable: true, value: { request } });
    await page.getByRole('button', { name: /^Path: / }).click();
    await expect
      .element(page.getByText(`The clipboard was refused. The value is ${detail.path}.`))
      .toBeVisible();
  });
});
