import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { Client } from '../../../shared/contract/index.ts';
import { split } from '../../testing/fake-data.ts';
import { roomsEngine } from '../../testing/rooms-engine.ts';
import { roomProblems, showRoom } from '../../testing/show-room.ts';

describe('the Splits room', () => {
  it('shows splits with their leaks as pairs of pictures, accessibly', async () => {
    await showRoom('splits', roomsEngine());
    await expect
      .element(page.getByRole('article', { name: 'Split half of the classes' }))
      .toMatchTextContent(/476 classes/);
    await expect.element(page.getByText(/^4 exact and 13 near copies/)).toBeVisible();
    await expect.element(page.getByRole('heading', { name: '17 pairs' })).toBeVisible();
    await expect.element(page.getByText(/since this split was made \(revision 3\)/)).toBeInTheDocument();
    expect(await roomProblems()).toEqual([]);
  });

  it('says what it will make while the form is filled, and makes it', async () => {
    const made: Parameters<Client['splits']['create']>[0][] = [];
    const parts = roomsEngine({ empty: true });
    const app = await showRoom('splits', {
      ...parts,
      splits: {
        ...parts.splits,
        create: async (input) => {
          made.push(input);
          return { ...split, id: 'split_new00001' };
        },
      },
    });
    await expect.element(page.getByText(/^Trains on 4 classes \(about 24 images\)/)).toBeVisible();
    await page.getByRole('tab', { name: 'By image' }).click();
    await expect.element(page.getByText(/^Every class is in every part/)).toBeVisible();
    await page.getByLabelText('Seed', { exact: true }).fill('7');
    await page.getByLabelText('Name', { exact: true }).fill('sevens');
    await page.getByRole('button', { name: 'Make the split' }).click();
    await expect.poll(() => app.studio.splitId).toBe('split_new00001');
    expect(made).toEqual([
      {
        dataset: 'ds_emoji0001',
        ifRevision: 3,
        kind: 'stratified',
        testShare: 0.5,
        validationShare: 0.1,
        seed: 7,
        dropLeaks: false,
        name: 'sevens',
      },
    ]);
  });

  it('refuses a seed that is none and offers undo for a removed split', async () => {
    await showRoom('splits', roomsEngine());
    await page.getByLabelText('Seed', { exact: true }).fill('-1');
    await expect.element(page.getByText(/^The seed is a whole number/)).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Make the split' })).toBeDisabled();
    await page.getByRole('button', { name: 'Remove split half of the classes' }).click();
    await expect
      .element(page.getByRole('article', { name: 'Split half of the classes' }))
      .not.toBeInTheDocument();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.element(page.getByRole('article', { name: 'Split half of the classes' })).toBeVisible();
  });
});
