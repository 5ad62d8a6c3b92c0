import { beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { cleanup } from 'vitest-browser-svelte';
import { DATASET_ID, datasetSummary, job } from '../../testing/catalog-data.ts';
import { streamOf } from '../../testing/fake-client.ts';
import { accessibilityFaults, renderStudio } from '../../testing/render-studio.ts';

beforeEach(() => cleanup());

const preview = {
  path: '/home/ada/birds',
  layout: 'folder' as const,
  suggestedName: 'birds',
  files: 120,
  otherFiles: 2,
  bytes: 5_000_000,
  classes: [
    { name: 'Wren', images: 80 },
    { name: 'Tern', images: 40 },
  ],
  warnings: ['The class “Gull” is empty.'],
  existing: null,
};

describe('Library', () => {
  it('shows a dataset with its counts and passes axe in both themes', async () => {
    const { app } = await renderStudio();
    await expect.element(page.getByRole('heading', { name: 'Garden birds' })).toBeVisible();
    await expect.element(page.getByText('6,000 images in 100 classes')).toBeVisible();
    expect(await accessibilityFaults()).toEqual([]);
    app.theme.set('dark');
    expect(await accessibilityFaults()).toEqual([]);
    app.theme.set('system');
  });

  it('says what to do when it is empty', async () => {
    await renderStudio({ datasets: [] });
    await expect.element(page.getByRole('heading', { name: 'No dataset yet' })).toBeVisible();
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('imports a folder: preview first, nothing written before the person says so', async () => {
    const states = [job({ subject: DATASET_ID }), job({ subject: DATASET_ID, status: 'done', endedAt: 1 })];
    const { engine } = await renderStudio({
      parts: {
        datasets: {
          preview: () => Promise.resolve(preview),
          import: () => Promise.resolve({ jobId: 'job_import0001', datasetId: DATASET_ID }),
        },
        jobs: {
          watch: async function* () {
            for (const value of states) yield { value, missed: 0 };
          },
        },
      },
    });
    await page.getByRole('button', { name: 'Import a folder' }).click();
    await page.getByRole('textbox', { name: 'Path of the folder' }).fill('/home/ada/birds');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByText('The class “Gull” is empty.')).toBeVisible();
    expect(engine.calls.some((call) => call.method === 'datasets.import')).toBe(false);
    expect(await accessibilityFaults()).toEqual([]);
    await page.getByRole('textbox', { name: 'Name' }).fill('My birds');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await expect.element(page.getByRole('heading', { name: 'Imported' })).toBeVisible();
    expect(engine.calls.find((call) => call.method === 'datasets.import')?.input).toEqual({
      path: '/home/ada/birds',
      layout: 'folder',
      name: 'My birds',
    });
    await expect
      .element(page.getByText('3 files could not be read; everything else was imported.'))
      .toBeVisible();
    await page.getByRole('button', { name: 'Open the images' }).click();
    await expect.element(page.getByRole('listbox', { name: 'Images of Garden birds' })).toBeVisible();
  });

  it('shows why a folder cannot be imported and stays where it was', async () => {
    const message = 'There is no folder /nowhere. Check the path.';
    const refused = Object.assign(new Error(message), { name: 'UserError', code: 'not-found' });
    await renderStudio({ parts: { datasets: { preview: () => Promise.reject(refused) } } });
    await page.getByRole('button', { name: 'Import a folder' }).click();
    await page.getByRole('textbox', { name: 'Path of the folder' }).fill('/nowhere');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('alert')).toHaveTextContent(message);
    await expect.element(page.getByRole('textbox', { name: 'Path of the folder' })).toHaveValue('/nowhere');
  });

  it('keeps a licence of 6,000 characters to one line of its card and shows the whole on request', async () => {
    const licence = `# Terms\n\n${'All of it may be used by anybody. '.repeat(170)}${'x'.repeat(300)}`;
    expect(licence.length).toBeGreaterThan(6000);
    await renderStudio({
      datasets: [datasetSummary(), datasetSummary({ id: 'ds_long00001', name: 'Long', licence })],
    });
    const cards = page.getByRole('article');
    const size = (at: number) => cards.nth(at).element().getBoundingClientRect();
    await expect.element(cards.nth(1)).toBeVisible();
    expect(size(1).height).toBe(size(0).height);
    expect(size(1).width).toBe(size(0).width);
    expect(size(1).height).toBeLessThan(420);
    await page.getByRole('button', { name: 'Terms' }).click();
    const dialog = page.getByRole('dialog', { name: 'Licence' });
    const text = dialog.getByRole('region', { name: 'Text of the licence' });
    await expect.element(text).toBeVisible();
    const shown = text.element();
    expect(shown.textContent).toBe(licence);
    expect(shown.scrollWidth).toBe(shown.clientWidth);
    expect(shown.clientHeight).toBeLessThan(800);
    expect(await accessibilityFaults()).toEqual([]);
    await userEvent.keyboard('{Escape}');
    await expect.element(dialog).not.toBeInTheDocument();
  });

  it('takes a dataset off the shelf and offers to put it back', async () => {
    const remove = vi.fn(() => Promise.resolve());
    const restore = vi.fn(() => Promise.resolve());
    await renderStudio({ parts: { datasets: { remove, restore } } });
    await page.getByRole('button', { name: 'Take Garden birds off the shelf' }).click();
    expect(remove).toHaveBeenCalledOnce();
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(restore).toHaveBeenCalledOnce();
  });

  it('takes a dataset back by Ctrl+Z, also when its message is gone', async () => {
    const restore = vi.fn(() => Promise.resolve());
    const { app } = await renderStudio({
      parts: { datasets: { remove: () => Promise.resolve(), restore } },
    });
    await page.getByRole('button', { name: 'Take Garden birds off the shelf' }).click();
    await expect.element(page.getByRole('button', { name: 'Undo' })).toBeVisible();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await userEvent.keyboard('{Control>}z{/Control}');
    expect(restore).toHaveBeenCalledExactlyOnceWith({ dataset: DATASET_ID }, undefined);
    expect(app.toasts.undoable).toBeUndefined();
  });

  it('puts a dataset that was removed earlier back on the shelf, from its line and from the palette', async () => {
    const restore = vi.fn(() => Promise.resolve());
    await renderStudio({
      datasets: [
        datasetSummary(),
        datasetSummary({ id: 'ds_gone000001', name: 'Old stamps', removed: true }),
      ],
      parts: { datasets: { restore } },
    });
    await expect.element(page.getByText('1 dataset off the shelf.')).toBeVisible();
    expect(await accessibilityFaults()).toEqual([]);
    await userEvent.keyboard('{Control>}k{/Control}');
    await page.getByRole('combobox', { name: 'Commands' }).fill('restore');
    await userEvent.keyboard('{Enter}');
    const dialog = page.getByRole('dialog', { name: 'Restore a dataset' });
    await expect.element(dialog.getByText('Old stamps')).toBeVisible();
    expect(await accessibilityFaults()).toEqual([]);
    await dialog.getByRole('button', { name: 'Restore Old stamps' }).click();
    expect(restore).toHaveBeenCalledExactlyOnceWith({ dataset: 'ds_gone000001' }, undefined);
  });

  it('lists the files that could not be read with their reasons', async () => {
    await renderStudio();
    await page.getByRole('button', { name: '3 files not read' }).click();
    await expect.element(page.getByText('Pied_Wren/broken.jpg')).toBeVisible();
    await expect.element(page.getByText('The file is text, not a picture.')).toBeVisible();
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('shows the progress of an import on its card and in the jobs', async () => {
    await renderStudio({
      datasets: [datasetSummary({ id: 'ds_stamps0001', name: 'Stamps' })],
      parts: { jobs: { active: () => streamOf([[job()]]) } },
    });
    await expect.element(page.getByText('Reading images, about 10 s left')).toBeVisible();
    await page.getByRole('button', { name: 'Jobs: 1 job under way' }).click();
    await expect
      .element(page.getByText('Reading images: 1,240 of 5,000 images, about 10 s left'))
      .toBeVisible();
    expect(await accessibilityFaults()).toEqual([]);
  });
});
