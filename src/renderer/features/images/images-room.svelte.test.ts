import { beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { cleanup } from 'vitest-browser-svelte';
import type { FakeOptions } from '../../testing/fake-engine.ts';
import { accessibilityFaults, renderStudio } from '../../testing/render-studio.ts';

beforeEach(() => cleanup());

const grid = () => page.getByRole('listbox', { name: 'Images of Garden birds' });
const option = (position: number) => grid().getByRole('option').nth(position);

async function openImages(options: FakeOptions = {}) {
  const rendered = await renderStudio(options);
  await vi.waitFor(() => expect(rendered.app.studio.dataset).not.toBeNull());
  rendered.app.studio.go('images');
  await expect.element(option(0)).toBeInTheDocument();
  const edits = () =>
    rendered.engine.calls.filter((call) => call.method === 'curation.apply').map((call) => call.input);
  return { ...rendered, edits };
}

const selected = (app: { studio: { selection: { ids: ReadonlySet<number> } } }) =>
  [...app.studio.selection.ids].sort((a, b) => a - b);

describe('Images', () => {
  it('shows the grid with its classes and passes axe', async () => {
    await openImages();
    await expect.element(page.getByText('6,000 images', { exact: true })).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Common Warbler 60' })).toBeVisible();
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('selects by click, Shift and Ctrl, and the inspector follows', async () => {
    const { app } = await openImages();
    await option(2).click();
    expect(selected(app)).toEqual([3]);
    await expect
      .element(page.getByRole('complementary', { name: 'Inspector' }).getByText('Common_Warbler/000003.jpg'))
      .toBeVisible();
    await option(5).click({ modifiers: ['Shift'] });
    expect(selected(app)).toEqual([3, 4, 5, 6]);
    await option(4).click({ modifiers: ['ControlOrMeta'] });
    expect(selected(app)).toEqual([3, 4, 6]);
    await expect
      .poll(() => page.getByRole('toolbar', { name: 'Selected images' }).element().textContent)
      .toMatch(/^3 images/);
    expect(await accessibilityFaults()).toEqual([]);
  });

  it('is driven by the keyboard alone', async () => {
    const { app } = await openImages();
    (grid().element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}');
    expect(selected(app)).toEqual([3]);
    await userEvent.keyboard('{Shift>}{ArrowRight}{/Shift}');
    expect(selected(app)).toEqual([3, 4]);
    await userEvent.keyboard('{End}');
    await vi.waitFor(() => expect(selected(app)).toEqual([6000]));
    await userEvent.keyboard('{Home}');
    await vi.waitFor(() => expect(selected(app)).toEqual([1]));
    await userEvent.keyboard('{Control>}a{/Control}');
    await vi.waitFor(() => expect(app.studio.selection.ids.size).toBe(6000));
    await userEvent.keyboard('{Escape}');
    expect(app.studio.selection.ids.size).toBe(0);
  });

  it('excludes, tells so, and takes it back', async () => {
    const { engine, edits } = await openImages();
    await option(0).click();
    await userEvent.keyboard('x');
    await expect.element(page.getByText('Changed: exclude.')).toBeVisible();
    expect(edits()).toEqual([
      { dataset: 'ds_birds0001', edit: { kind: 'exclude', imageIds: [1], excluded: true }, why: '' },
    ]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.element(page.getByText('Undone.')).toBeVisible();
    await userEvent.keyboard('{Control>}z{/Control}');
    await vi.waitFor(() =>
      expect(engine.calls.filter((call) => call.method === 'curation.undo').length).toBe(2),
    );
  });

  it('relabels to a class of the dataset or to a new one', async () => {
    const { edits } = await openImages();
    await option(0).click();
    await userEvent.keyboard('l');
    await page.getByRole('combobox', { name: 'Class, or a new name' }).fill('pied tern');
    expect(await accessibilityFaults()).toEqual([]);
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(edits().length).toBe(1));
    await userEvent.keyboard('l');
    await page.getByRole('combobox', { name: 'Class, or a new name' }).fill('Puffin');
    await page.getByRole('option', { name: 'New class “Puffin”' }).click();
    await vi.waitFor(() =>
      expect(edits().map((input) => (input as { edit: { className: string } }).edit.className)).toEqual([
        'Pied Tern',
        'Puffin',
      ]),
    );
  });

  it('filters by class and words, and says when nothing fits', async () => {
    const { app } = await openImages();
    await page.getByRole('button', { name: 'Pied Warbler 60' }).click();
    await expect.element(page.getByText('60 images', { exact: true })).toBeVisible();
    await page.getByRole('searchbox', { name: 'Search images by path, class or tag' }).fill('zebra');
    await expect.element(page.getByRole('heading', { name: 'No image fits' })).toBeVisible();
    expect(await accessibilityFaults()).toEqual([]);
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await expect.element(page.getByText('6,000 images', { exact: true })).toBeVisible();
    expect(app.studio.classIds).toEqual([]);
  });

  it('opens an image large and walks on with the arrows', async () => {
    const { app } = await openImages();
    await option(3).dblClick();
    await expect.poll(() => page.getByRole('dialog').element().textContent).toMatch(/000004\.jpg/);
    expect(await accessibilityFaults()).toEqual([]);
    await userEvent.keyboard('{ArrowRight}');
    await expect.poll(() => page.getByRole('dialog').element().textContent).toMatch(/000005\.jpg/);
    await userEvent.keyboard('{Escape}');
    await expect.element(page.getByRole('dialog')).not.toBeInTheDocument();
    expect(selected(app)).toEqual([5]);
  });

  it('reads a million images in slices of what is on show', async () => {
    const { engine } = await openImages({ images: 1_000_000, classes: 20_000 });
    const element = grid().element();
    element.scrollTop = element.scrollHeight;
    await expect.element(grid().getByRole('option', { name: /1000000\.jpg/ })).toBeInTheDocument();
    const slices = engine.calls.filter((call) => call.method === 'images.slice');
    expect(slices.length).toBeLessThanOrEqual(4);
    expect(grid().getByRole('option').elements().length).toBeLessThan(200);
  });
});
