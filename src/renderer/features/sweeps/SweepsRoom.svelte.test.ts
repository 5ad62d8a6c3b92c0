import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { Client } from '../../../shared/contract/index.ts';
import { run, sweep } from '../../testing/fake-data.ts';
import { roomsEngine } from '../../testing/rooms-engine.ts';
import { roomProblems, showRoom } from '../../testing/show-room.ts';

describe('the Searches room', () => {
  it('draws every trial over the axes, ranks them and opens the run of one', async () => {
    const paused: unknown[] = [];
    const parts = roomsEngine();
    const app = await showRoom('sweeps', {
      ...parts,
      sweeps: { list: async () => [sweep], pause: async (input) => void paused.push(input) },
    });
    await expect
      .element(page.getByRole('img', { name: 'Trials: 3 lines over scale, headRate, validation R@1' }))
      .toBeVisible();
    const rows = page.getByRole('table').element().querySelectorAll('tbody tr');
    expect([...rows].map((row) => row.firstElementChild?.textContent.trim())).toEqual(['2', '1', '3']);
    expect(await roomProblems()).toEqual([]);
    await page.getByRole('row', { name: /^2 20/ }).click();
    await page.getByRole('button', { name: 'Open the run' }).click();
    await expect.poll(() => [app.studio.room, app.studio.runId]).toEqual(['runs', run.id]);
    app.studio.go('sweeps');
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect.poll(() => paused).toEqual([{ sweep: sweep.id }]);
  });

  it('reads what varies, says what is wrong with it, and starts', async () => {
    const started: Parameters<Client['sweeps']['start']>[0][] = [];
    const parts = roomsEngine();
    await showRoom('sweeps', {
      ...parts,
      sweeps: {
        list: async () => [],
        check: async ({ axes }) => ({
          trials: Object.values(axes).length * 2,
          problems: 'scale' in axes ? [] : [{ field: 'axes', message: 'Nothing varies.' }],
        }),
        start: async (input) => {
          started.push(input);
          return { sweepId: sweep.id, trials: 2 };
        },
      },
    });
    await expect.element(page.getByText('Write values for at least one setting.')).toBeVisible();
    await page.getByRole('combobox', { name: 'Setting 1' }).selectOptions('scale');
    const values = page.getByRole('textbox', { name: 'Values of setting 1' });
    await values.fill('10..40:cubic');
    await expect
      .element(page.getByText(/takes log, whole or a number of steps .* not “?"cubic"/))
      .toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Start the search' })).toBeDisabled();
    await values.fill('10, 20');
    await expect.element(page.getByText('2 runs, one after the other')).toBeVisible();
    expect(await roomProblems()).toEqual([]);
    await page.getByRole('button', { name: 'Start the search' }).click();
    await expect.poll(() => started[0]?.axes).toEqual({ scale: [10, 20] });
  });

  it('asks for a split where there is none', async () => {
    const app = await showRoom('sweeps', {
      ...roomsEngine({ empty: true }),
      sweeps: { list: async () => [] },
    });
    await page.getByRole('button', { name: 'Make a split' }).click();
    expect(app.studio.room).toBe('splits');
  });
});
