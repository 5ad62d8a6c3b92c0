import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Client } from '../../../shared/contract/index.ts';
import { refresh, run, triplet } from '../../testing/fake-data.ts';
import { roomsEngine } from '../../testing/rooms-engine.ts';
import { roomProblems, showRoom } from '../../testing/show-room.ts';

type Edit = Parameters<Client['curation']['apply']>[0]['edit'];

async function bench(refuse = false) {
  const edits: Edit[] = [];
  const parts = roomsEngine();
  const app = await showRoom('triplets', {
    ...parts,
    curation: {
      ...parts.curation,
      apply: async (input) => {
        edits.push(input.edit);
        if (refuse)
          throw Object.assign(new Error('The dataset is locked by an import. Try again when it is done.'), {
            code: 'conflict',
          });
        return { eventId: 1, revision: 4, changed: 1, summary: 'Written.' };
      },
    },
  });
  await expect.element(page.getByText(/^1 of 2,540/)).toBeVisible();
  await expect.element(page.getByRole('button', { name: /^Anchor:/ })).toBeVisible();
  return { app, edits };
}

describe('the Triplets room', () => {
  it('shows one triplet large with distances and ranks, accessibly, and the inspector follows', async () => {
    const { app } = await bench();
    await expect
      .element(page.getByRole('region', { name: 'Triplet in focus' }))
      .toMatchTextContent(/d\(a, p\)\s*rank 1.*0\.820.*d\(a, n\)\s*rank 2/);
    expect(app.studio.focusImage).toBe(triplet(0).negative.imageId);
    expect(await roomProblems()).toEqual([]);
  });

  it('follows the run in hand', async () => {
    const parts = roomsEngine();
    const second = { ...run, id: 'run_norm00001', name: 'normalised softmax', createdAt: run.createdAt - 1 };
    const app = await showRoom('triplets', {
      ...parts,
      triplets: {
        ...parts.triplets,
        refreshes: async () => [
          refresh,
          {
            ...refresh,
            id: 'mine_norm00001',
            runId: second.id,
            title: 'normalised softmax, last',
            triplets: 77,
          },
        ],
      },
    });
    await expect.element(page.getByText(/^2,540 triplets/)).toBeVisible();
    app.studio.takeRun(second);
    await expect.element(page.getByText(/^77 triplets/)).toBeVisible();
    app.studio.takeRun({ ...second, id: 'run_none00001', name: 'nothing mined' });
    await expect.element(page.getByText(/^2,540 triplets/)).toBeVisible();
  });

  it('is reviewed by keys alone', async () => {
    const { app, edits } = await bench();
    await userEvent.keyboard('3');
    await expect.element(page.getByText(/^2 of 2,540/)).toBeVisible();
    await userEvent.keyboard('jk');
    await userEvent.keyboard('p4');
    await expect.element(page.getByText(/^3 of 2,540/)).toBeVisible();
    expect(edits).toEqual([
      expect.objectContaining({ kind: 'verdict', row: 0, verdict: 'look-alike' }),
      expect.objectContaining({ row: 1, verdict: 'bad-crop', imageId: triplet(1).positive.imageId }),
    ]);
    expect(app.studio.focusImage).toBe(triplet(2).negative.imageId);
  });

  it('asks which label is wrong, and applies only what was typed or picked', async () => {
    const { edits } = await bench();
    const field = page.getByRole('combobox', { name: 'It should be' });
    await userEvent.keyboard('1');
    await expect.element(page.getByRole('dialog', { name: 'Which label is wrong?' })).toBeVisible();
    expect(await roomProblems()).toEqual([]);
    await expect.element(field).toHaveFocus();
    await expect.element(field).toHaveValue(triplet(0).negative.class);
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('button', { name: /^Relabel/ })).toBeDisabled();
    // The field's text is selected: what is typed takes its place.
    await userEvent.keyboard('pan');
    await expect.element(field).toHaveValue('pan');
    await userEvent.keyboard('{Alt>}a{/Alt}');
    await expect.element(page.getByRole('radio', { name: /Anchor/ })).toBeChecked();
    await expect.element(field).toHaveValue('pan');
    await expect.element(field).toHaveFocus();
    expect(edits).toEqual([]);
    await userEvent.keyboard('{Enter}');
    await expect
      .poll(() => edits)
      .toEqual([
        expect.objectContaining({
          verdict: 'label-wrong',
          imageId: triplet(0).anchor.imageId,
          className: 'pan',
        }),
      ]);
    await userEvent.keyboard('1');
    await userEvent.keyboard('{Escape}');
    await userEvent.keyboard('j');
    await expect.element(page.getByText(/^3 of 2,540/)).toBeVisible();
  });

  it('takes the class of the picture beside it where the person picks it', async () => {
    const { edits } = await bench();
    await userEvent.keyboard('1');
    await page.getByRole('button', { name: triplet(0).anchor.class, exact: true }).click();
    await userEvent.keyboard('{Enter}');
    await expect
      .poll(() => edits)
      .toEqual([
        expect.objectContaining({
          imageId: triplet(0).negative.imageId,
          className: triplet(0).anchor.class,
        }),
      ]);
  });

  it('takes a refused verdict back and says why', async () => {
    await bench(true);
    await userEvent.keyboard('4');
    await expect.element(page.getByText(/^The dataset is locked by an import/)).toBeVisible();
    await expect.element(page.getByText(/^1 of 2,540/)).toBeVisible();
    await expect.element(page.getByText('left out')).not.toBeInTheDocument();
  });

  it('offers to mine where nothing was mined', async () => {
    const full = roomsEngine();
    const mined: unknown[] = [];
    await showRoom('triplets', {
      ...full,
      triplets: {
        refreshes: async () => [],
        mine: async (input) => {
          mined.push(input);
          return { jobId: 'job_mine00001' };
        },
      },
    });
    await page.getByRole('button', { name: 'Mine now' }).click();
    await expect
      .poll(() => mined)
      .toEqual([{ kind: 'run', run: 'run_soft00001', rule: 'smart', checkpoint: 'last' }]);
  });
});
