import { beforeEach, describe, expect, it, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { cleanup } from 'vitest-browser-svelte';
import type { BackboneFit, WeightInspection, WeightSet } from '../../../shared/domain/weights.ts';
import { accessibilityFaults, renderStudio } from '../../testing/render-studio.ts';

beforeEach(() => cleanup());

const shipped: WeightSet = {
  id: null,
  name: 'mobilenet-v2-0.35',
  backbone: 'mobilenet-v2-0.35',
  backboneTitle: 'MobileNetV2, width 0.35 (ImageNet)',
  file: null,
  bytes: null,
  format: 'safetensors',
  source: 'mobilenet.safetensors',
  licence: 'Apache-2.0',
  matched: null,
  filled: null,
  leftOut: null,
  unexpected: null,
  notes: [],
  isDefault: true,
  createdAt: null,
};
const imported: WeightSet = {
  ...shipped,
  id: 'wts_aaaaaaaa',
  name: 'imagenet',
  backbone: 'resnet18',
  backboneTitle: 'ResNet-18 (torchvision)',
  bytes: 44_700_000,
  source: 'resnet18.pth',
  licence: null,
  createdAt: 1,
};
const fit: BackboneFit = {
  backbone: 'resnet18',
  title: 'ResNet-18 (torchvision)',
  complete: true,
  wanted: 100,
  matched: 100,
  filled: 0,
  moved: 0,
  folded: 0,
  missing: 0,
  missingNames: [],
  different: 0,
  differences: [],
  leftOut: 22,
  leftOutNames: ['fc.weight', 'fc.bias'],
  unexpected: 0,
  unexpectedNames: [],
  prefix: 'module.',
  dialect: null,
};
const inspection: WeightInspection = {
  path: '/home/me/resnet18.pth',
  format: 'pytorch',
  arrays: 122,
  parameters: 11_699_132,
  listed: [],
  notes: ['The arrays lie under "state_dict".'],
  fits: [fit],
};

async function openRoom(weights: object) {
  const studio = await renderStudio({
    parts: { weights: { list: () => Promise.resolve([shipped]), ...weights } },
  });
  studio.app.studio.go('settings');
  return studio;
}

describe('Settings', () => {
  it('lists weights and says that none are imported, in light and dark', async () => {
    const { app } = await openRoom({});
    await expect.element(page.getByText('· comes with Plumage ·', { exact: false })).toBeVisible();
    await expect.element(page.getByText('Nothing is imported yet', { exact: false })).toBeVisible();
    expect(await accessibilityFaults()).toEqual([]);
    await page.getByLabelText('Colours').selectOptions('dark');
    expect(app.theme.dark).toBe(true);
    expect(await accessibilityFaults()).toEqual([]);
    app.theme.set('system');
  });

  it('shows what matched before anything is kept, then imports by keyboard', async () => {
    const list = vi.fn(() => Promise.resolve([shipped]));
    const { engine } = await openRoom({
      list,
      inspect: () => Promise.resolve(inspection),
      import: () => {
        list.mockImplementation(() => Promise.resolve([shipped, imported]));
        return Promise.resolve({ weights: imported, fit });
      },
    });
    await page.getByRole('button', { name: 'Import weights…' }).click();
    await page.getByLabelText('Path of the file').fill('/home/me/resnet18.pth');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByText('100 of 100')).toBeVisible();
    await expect.element(page.getByText('Names begin with “module.” in the file.')).toBeVisible();
    await expect.element(page.getByText('fc.weight, fc.bias', { exact: false })).toBeVisible();
    expect(await accessibilityFaults()).toEqual([]);
    await page.getByLabelText('Licence').fill('BSD-3-Clause');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await expect.element(page.getByText('Imported “imagenet” for ResNet-18 (torchvision).')).toBeVisible();
    expect(engine.calls.find(({ method }) => method === 'weights.import')?.input).toEqual({
      path: '/home/me/resnet18.pth',
      backbone: 'resnet18',
      licence: 'BSD-3-Clause',
    });
    await expect.element(page.getByText('44.7 MB', { exact: false })).toBeVisible();
  });

  it('does not import what lacks arrays, and says which', async () => {
    const lacking = {
      ...fit,
      complete: false,
      matched: 98,
      missing: 2,
      missingNames: ['bn1.weight', 'bn1.bias'],
    };
    await openRoom({ inspect: () => Promise.resolve({ ...inspection, fits: [lacking] }) });
    await page.getByRole('button', { name: 'Import weights…' }).click();
    await page.getByLabelText('Path of the file').fill('/x.pth');
    await page.getByRole('button', { name: 'Look inside' }).click();
    await expect.element(page.getByText('bn1.weight, bn1.bias')).toBeVisible();
    await expect.element(page.getByText('The nearest is ResNet-18', { exact: false })).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  });

  it('shows a file that cannot be read as a sentence', async () => {
    await openRoom({
      inspect: () =>
        Promise.reject(Object.assign(new Error('x.pth cannot be read as weights.'), { code: 'bad-input' })),
    });
    await page.getByRole('button', { name: 'Import weights…' }).click();
    await page.getByLabelText('Path of the file').fill('/x.pth');
    await page.getByRole('button', { name: 'Look inside' }).click();
    await expect.element(page.getByText('x.pth cannot be read as weights.')).toBeVisible();
  });

  it('opens its import from the palette', async () => {
    await renderStudio({ parts: { weights: { list: () => Promise.resolve([shipped]) } } });
    await userEvent.keyboard('{Control>}k{/Control}');
    await page.getByRole('combobox', { name: 'Commands' }).fill('import weights');
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('dialog', { name: 'Import weights' })).toBeVisible();
  });

  it('asks before it removes', async () => {
    const { engine } = await openRoom({
      list: () => Promise.resolve([shipped, imported]),
      remove: () => Promise.resolve(),
    });
    await page.getByRole('button', { name: 'Remove imagenet' }).click();
    expect(await accessibilityFaults()).toEqual([]);
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await expect.element(page.getByText('Removed the weights “imagenet”.')).toBeVisible();
    expect(engine.calls.find(({ method }) => method === 'weights.remove')?.input).toEqual({
      weights: 'wts_aaaaaaaa',
    });
  });
});
