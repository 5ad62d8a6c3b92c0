import { beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { cleanup } from 'vitest-browser-svelte';
import { job } from '../testing/catalog-data.ts';
import { accessibilityFaults, renderStudio } from '../testing/render-studio.ts';

beforeEach(() => cleanup());

describe('the frame', () => {
  it('changes rooms by click, by Ctrl and number, and by G and letter', async () => {
    const { app } = await renderStudio();
    await page.getByRole('navigation', { name: 'Rooms' }).getByRole('button', { name: 'Doctor' }).click();
    expect(app.studio.room).toBe('doctor');
    await userEvent.keyboard('{Control>}2{/Control}');
    expect(app.studio.room).toBe('images');
    await userEvent.keyboard('gl');
    expect(app.studio.room).toBe('library');
  });

  it('finds commands by words in the palette', async () => {
    const { app } = await renderStudio();
    await userEvent.keyboard('{Control>}k{/Control}');
    await page.getByRole('combobox', { name: 'Commands' }).fill('doct');
    expect(await accessibilityFaults()).toEqual([]);
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(app.studio.room).toBe('doctor'));
    await expect.element(page.getByRole('combobox', { name: 'Commands' })).not.toBeInTheDocument();
  });

  it('searches images from the palette', async () => {
    const { app } = await renderStudio();
    await vi.waitFor(() => expect(app.studio.dataset).not.toBeNull());
    await userEvent.keyboard('{Control>}k{/Control}');
    await page.getByRole('combobox', { name: 'Commands' }).fill('tern');
    await page.getByRole('option', { name: 'Show images of Garden birds that contain “tern”' }).click();
    await vi.waitFor(() => expect(app.studio.room).toBe('images'));
    expect(app.studio.search).toBe('tern');
  });

  it('lists the shortcuts', async () => {
    await renderStudio();
    await userEvent.keyboard('?');
    await expect.element(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('stays as it is while the engine is away, and says so', async () => {
    const { app, engine } = await renderStudio();
    await expect.element(page.getByRole('heading', { name: 'Garden birds' })).toBeVisible();
    engine.lose();
    await expect
      .element(page.getByText('The engine does not answer. What you see stays; trying again.'))
      .toBeVisible();
    await expect.element(page.getByRole('heading', { name: 'Garden birds' })).toBeVisible();
    expect(await accessibilityFaults()).toEqual([]);
    engine.restore();
    await expect.element(page.getByText('The engine does not answer.')).not.toBeInTheDocument();
    await vi.waitFor(() =>
      expect(
        engine.calls.filter(
          ({ method, input }) => method === 'datasets.list' && !(input as { removed?: boolean }).removed,
        ).length,
      ).toBe(2),
    );
    expect(app.connection.status).toBe('ready');
  });

  it('keeps the choice of light or dark', async () => {
    const { app } = await renderStudio();
    const before = app.theme.dark;
    await page.getByRole('button', { name: before ? 'Light colours' : 'Dark colours' }).click();
    expect(app.theme.dark).toBe(!before);
    expect(localStorage.getItem('plumage.theme')).toBe(before ? 'light' : 'dark');
    app.theme.set('system');
  });

  it('undoes the newest thing that a message offers before it asks the journal', async () => {
    const { app, engine } = await renderStudio();
    await vi.waitFor(() => expect(app.studio.dataset).not.toBeNull());
    const run = vi.fn();
    app.toasts.show({ message: 'Split “half” is removed.', action: { label: 'Undo', run } });
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(run).toHaveBeenCalledOnce();
    expect(engine.calls.some((call) => call.method === 'curation.undo')).toBe(false);
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(engine.calls.some((call) => call.method === 'curation.undo')).toBe(true);
    expect(run).toHaveBeenCalledOnce();
  });

  it('cuts the long name of a job and keeps its buttons in sight', async () => {
    const title = 'Training of soft-triple-with-a-very-long-name '.repeat(6);
    await renderStudio({ jobs: [job({ kind: 'train', title })] });
    await page.getByRole('button', { name: 'Jobs: 1 job under way' }).click();
    const panel = page.getByRole('dialog', { name: 'Jobs' });
    await expect.element(panel.getByRole('button', { name: /^Stop/ })).toBeInViewport();
    expect(panel.element().scrollWidth).toBe(panel.element().clientWidth);
  });
});
