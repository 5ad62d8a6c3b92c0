import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Client } from '../../../shared/contract/index.ts';
import type { Sweep } from '../../../shared/domain/sweep.ts';
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
      .element(page.getByRole('img', { name: 'Trials: 3 lines over Scale, Head rate, Validation R@1' }))
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

  it('walks through the trials with the keys and copies the settings of one', async () => {
    const app = await showRoom('sweeps', { ...roomsEngine(), sweeps: { list: async () => [sweep] } });
    const trial = page.getByRole('region', { name: 'Trial in hand' });
    await expect.element(trial).toMatchTextContent(/Trial 2.*best.*Scale 20/);
    page.getByRole('row', { name: /^2 20/ }).element().focus();
    await userEvent.keyboard('{ArrowDown}');
    await expect.element(trial).toMatchTextContent(/Trial 1.*Scale 10/);
    await expect.element(page.getByRole('row', { name: /^1 10/ })).toHaveFocus();
    await page.getByRole('button', { name: 'Copy settings into a new run' }).click();
    await expect.element(page.getByRole('form', { name: 'New run' })).toBeVisible();
    expect([app.studio.room, app.studio.copyRequested]).toEqual(['runs', null]);
  });

  it('stands many axes and trials, says what failed and waits, and asks before it removes', async () => {
    const removed: unknown[] = [];
    const axes = [
      'scale',
      'headRate',
      'sampler',
      'freezeBatchNorm',
      'evaluationResize',
      'aSettingWithAVeryLongName',
    ];
    const big: Sweep = {
      ...sweep,
      ...{
        name: 'A search with a name that never ends '.repeat(4),
        status: 'paused',
        axes,
        best: 'run_big7',
      },
      trials: Array.from({ length: 200 }, (_, index) => ({
        ...sweep.trials[0]!,
        number: index + 1,
        runId: `run_big${index}`,
        status: index === 0 ? 'failed' : index > 190 ? 'queued' : 'done',
        values: Object.fromEntries(
          axes.map((axis, at) => [axis, at === 2 ? 'class-balanced' : index / 7 + at]),
        ),
        validation: index === 0 || index > 190 ? null : index === 7 ? 0.9 : 0.5 + index / 1000,
        error: index === 0 ? 'The loss was no longer a finite number at step 3.' : null,
      })),
    };
    await showRoom('sweeps', {
      ...roomsEngine(),
      sweeps: { list: async () => [big], remove: async (input) => void removed.push(input) },
    });
    await expect.element(page.getByText(/190 of 200 trials done, 9 waiting, 1 failed/)).toBeVisible();
    await expect.element(page.getByRole('img', { name: /^Trials: 200 lines over Scale,/ })).toBeVisible();
    const rows = () => page.getByRole('table').element().querySelectorAll('tbody tr').length;
    expect(rows()).toBe(40);
    await page.getByRole('button', { name: 'Show all 200 trials' }).click();
    await expect.poll(rows).toBe(200);
    await page.getByRole('row', { name: /no longer a finite/ }).click();
    await expect
      .element(page.getByRole('region', { name: 'Trial in hand' }))
      .toMatchTextContent(/Trial 1.*Failed.*no longer a finite number/);
    expect(await roomProblems()).toEqual([]);
    await page.getByRole('button', { name: 'Remove with its runs' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect.poll(() => removed).toEqual([{ sweep: big.id }]);
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
