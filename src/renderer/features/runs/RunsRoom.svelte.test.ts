import { describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import type { Client } from '../../../shared/contract/index.ts';
import { UserError } from '../../../shared/rpc/errors.ts';
import type { WeightSet } from '../../../shared/domain/weights.ts';
import { streamOf } from '../../testing/fake-client.ts';
import { evaluation, run } from '../../testing/fake-data.ts';
import { roomsEngine } from '../../testing/rooms-engine.ts';
import { roomProblems, showRoom } from '../../testing/show-room.ts';

const shipped: WeightSet = {
  ...{ id: null, name: 'Small', backbone: 'small', backboneTitle: 'Small', file: null, bytes: null },
  ...{
    format: 'safetensors',
    source: 'small.safetensors',
    licence: null,
    notes: [],
    isDefault: true,
    createdAt: null,
  },
  ...{ matched: null, filled: null, leftOut: null, unexpected: null },
};

describe('the Runs room', () => {
  it('follows a run: progress, curves with their last values, and stops it', async () => {
    const stopped: unknown[] = [];
    const parts = roomsEngine();
    await showRoom('runs', {
      ...parts,
      runs: { ...parts.runs, stop: async (input) => void stopped.push(input) },
    });
    await expect
      .element(page.getByRole('progressbar', { name: `Progress of ${run.name}` }))
      .toHaveAttribute('aria-valuenow', '64');
    await expect.element(page.getByRole('img', { name: /^Loss by step\. Loss: last/ })).toBeVisible();
    expect(await roomProblems()).toEqual([]);
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await expect.poll(() => stopped).toEqual([{ run: run.id, mode: 'checkpoint' }]);
  });

  it('shows a chart as a table', async () => {
    await showRoom('runs', roomsEngine());
    await page.getByRole('button', { name: 'Validation R@1 as a table' }).click();
    const table = page.getByRole('region', { name: 'Validation R@1, values' });
    await expect.element(table).toMatchTextContent(/^stepR@1/);
    expect(table.element().querySelectorAll('tbody tr')).toHaveLength(3);
  });

  it('draws the form from the schemas, marks what was changed and starts', async () => {
    const started: Parameters<Client['runs']['start']>[0][] = [];
    const parts = roomsEngine();
    await showRoom('runs', {
      ...parts,
      runs: {
        ...parts.runs,
        start: async (input) => {
          started.push(input);
          return { runId: run.id, jobId: 'job_train0001' };
        },
      },
    });
    await page.getByRole('button', { name: 'New run' }).click();
    await expect.element(page.getByText(/Two classes have two images/)).toBeVisible();
    const scale = page.getByLabelText('Scale', { exact: true });
    await scale.fill('0');
    await expect
      .element(page.getByText('Scale takes a number above 0 to 1000.', { exact: true }))
      .toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Start training' })).toBeDisabled();
    await scale.fill('30');
    await expect.element(page.getByText(/^1 changed/)).toBeVisible();
    expect(await roomProblems()).toEqual([]);
    await page.getByRole('button', { name: 'Start training' }).click();
    await expect.poll(() => started[0]?.settings).toEqual({ scale: 30 });
    await expect.element(page.getByRole('heading', { name: run.name })).toBeVisible();
  });

  it('says what the sentinel found and what was mended, marks it on the curves, and names the hardest classes', async () => {
    const parts = roomsEngine();
    const sentence =
      'The embeddings have fallen into one point at step 40. Lower the learning rates to a third.';
    const config = {
      ...run.config,
      facts: {
        ...{ recorded: false, notRecordedBecause: 'A kernel is missing.', backend: 'wasm' },
        findings: [
          { finding: 'collapsed', step: 40, sentence },
          {
            finding: 'dead-centers',
            step: 81,
            sentence: 'Only 30 % of the centres are nearest to any image.',
          },
        ],
        hardestClasses: { step: 243, classes: [{ name: 'winking face', loss: 3.25 }] },
      },
      remedies: [{ step: 40, reason: sentence, change: { rateFactor: 0.3 } }],
    };
    const met = { ...run, config };
    const app = await showRoom('runs', {
      ...parts,
      runs: { ...parts.runs, get: async () => met, events: () => streamOf([{ seq: 310, run: met }]) },
    });
    const found = page.getByRole('list', { name: 'What the run met' });
    await expect
      .element(found)
      .toMatchTextContent(/step 40.*fallen into one point.*all rates times 0\.3.*step 81.*30 %/);
    await expect.element(page.getByText('steps not recorded')).toBeVisible();
    await expect
      .element(page.getByRole('img', { name: /^Loss by step.*Marked: step 40, Mended by itself.*step 81/ }))
      .toBeVisible();
    await expect.element(page.getByRole('region', { name: 'Distances and spread' })).toBeVisible();
    expect(await roomProblems()).toEqual([]);
    await page.getByRole('tab', { name: 'Settings' }).click();
    await expect
      .element(page.getByRole('row', { name: 'Steps recorded no: A kernel is missing.' }))
      .toBeVisible();
    expect(page.getByRole('region', { name: 'Settings' }).element().textContent).not.toMatch(
      /findings|remed|facts/i,
    );
    expect(await roomProblems()).toEqual([]);
    await page.getByRole('tab', { name: 'Curves' }).click();
    await page.getByRole('button', { name: 'winking face' }).click();
    await expect.poll(() => [app.studio.room, app.studio.classIds]).toEqual(['images', [4]]);
  });

  it('groups methods and settings, hides what does not matter, and tells where weights are missing', async () => {
    const read = roomsEngine().runs!.options!;
    const backbone = { title: '', featureDim: 512, size: 224, licence: null };
    const parts = roomsEngine({
      options: async (input) => {
        const options = await read(input);
        const schedule = { type: 'string', enum: ['cosine', 'step'], default: 'cosine', title: 'Schedule' };
        return {
          ...options,
          methods: [
            ...options.methods,
            {
              ...options.methods[0]!,
              id: 'triplet',
              title: 'Triplet',
              family: 'triplets',
              formula: '[d+ − d− + m]+',
            },
          ],
          backbones: [
            { ...backbone, id: 'small', title: 'Small' },
            { ...backbone, id: 'large', title: 'Large' },
          ],
          settings: {
            type: 'object',
            properties: {
              backbone: { type: 'string', default: 'small' },
              schedule,
              power: {
                type: 'number',
                default: 1,
                title: 'Power',
                onlyWhen: { field: 'schedule', is: ['step'] },
              },
              threads: { type: 'integer', default: 0, title: 'Threads', rare: true },
            },
          },
        };
      },
    });
    const app = await showRoom('runs', { ...parts, weights: { list: async () => [shipped] } });
    await page.getByRole('button', { name: 'New run' }).click();
    const method = page.getByRole('combobox', { name: 'Method' });
    await expect
      .poll(() => [...method.element().querySelectorAll('optgroup')].map(({ label }) => label))
      .toEqual(['Centres and proxies', 'Triplets']);
    await method.selectOptions('triplet');
    await expect.element(page.getByText('[d+ − d− + m]+')).toBeVisible();
    expect(page.getByLabelText('Power').query()).toBeNull();
    await page.getByRole('combobox', { name: 'Schedule' }).selectOptions('step');
    await expect.element(page.getByLabelText('Power', { exact: true })).toBeVisible();
    await expect.element(page.getByLabelText('Threads', { exact: true })).not.toBeVisible();
    await page.getByText('More of run').click();
    await expect.element(page.getByLabelText('Threads', { exact: true })).toBeVisible();
    await page.getByRole('combobox', { name: 'Backbone' }).selectOptions('large');
    await expect.element(page.getByText(/^Its weights are not in the library/)).toBeVisible();
    expect(await roomProblems()).toEqual([]);
    await page.getByRole('button', { name: 'Import them in Settings' }).click();
    expect(app.studio.room).toBe('settings');
  });

  it('copies the settings of a run into the form', async () => {
    await showRoom('runs', roomsEngine());
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Copy into a new run' }).click();
    await expect.element(page.getByRole('form', { name: 'New run' })).toBeVisible();
    await expect.element(page.getByLabelText('Scale', { exact: true })).toHaveValue('20');
    await expect
      .element(page.getByRole('button', { name: 'Small set' }))
      .toHaveAttribute('aria-pressed', 'true');
  });

  it('shows scores with intervals beside zero-shot and goes to the failing queries', async () => {
    const app = await showRoom('runs', roomsEngine());
    await page.getByRole('tab', { name: 'Scores' }).click();
    await expect.element(page.getByText(/^\+0\.138/).first()).toMatchTextContent(/\[\+0\.119, \+0\.157\]/);
    await expect.element(page.getByText(/the paired 95 % interval is clear of zero/).first()).toBeVisible();
    await expect
      .element(page.getByText(/Thresholds were chosen on the validation pairs/).first())
      .toBeVisible();
    expect(await roomProblems()).toEqual([]);
    await page.getByRole('button', { name: 'See its failing queries' }).first().click();
    expect([app.studio.room, app.studio.evaluationId]).toEqual(['neighbors', evaluation.id]);
  });

  it('shows the classes of an evaluation, worst first, and what papers print', async () => {
    await showRoom('runs', roomsEngine());
    await page.getByRole('tab', { name: 'Scores' }).click();
    await expect.element(page.getByText('below 1.049').first()).toBeVisible();
    await page.getByText('Classes, worst first').first().click();
    await expect
      .element(page.getByRole('row', { name: /^grinning face 0 of 6/ }))
      .toMatchTextContent(/beaming face 6 queries/);
    await expect.element(page.getByText('Show more of 528 classes')).toBeVisible();
    await page.getByText('Published for CUB-200-2011').first().click();
    await expect.element(page.getByRole('row', { name: /^SoftTriple published 64 0\.601/ })).toBeVisible();
    expect(await roomProblems()).toEqual([]);
  });

  it('tests the differences between two runs', async () => {
    const asked: unknown[] = [];
    const parts = roomsEngine();
    const evaluations = parts.evaluations!;
    await showRoom('runs', {
      ...parts,
      evaluations: {
        ...evaluations,
        compare: async (input) => {
          asked.push(input);
          return evaluations.compare!(input);
        },
      },
    });
    await page.getByRole('tab', { name: 'Compare' }).click();
    const scores = page.getByRole('region', { name: /^Test scores of/ });
    await expect
      .element(scores.getByRole('row', { name: /^R@1/ }))
      .toMatchTextContent(/\+0\.031.*\+0\.012 to \+0\.050.*< 0\.001.*0\.002.*significant/);
    await expect.element(scores.getByRole('row', { name: /^MAP@R/ })).toMatchTextContent(/not told apart/);
    await expect.element(scores.getByRole('row', { name: /^NMI/ })).toMatchTextContent(/not tested/);
    expect(asked).toEqual([{ first: 'eval_norm00001', second: evaluation.id }]);
    expect(await roomProblems()).toEqual([]);
  });

  it('says why two evaluations cannot be paired, and shows their scores all the same', async () => {
    const parts = roomsEngine();
    await showRoom('runs', {
      ...parts,
      evaluations: {
        ...parts.evaluations,
        compare: async () => {
          throw new UserError('conflict', 'They differ in crop, so their queries cannot be paired.');
        },
      },
    });
    await page.getByRole('tab', { name: 'Compare' }).click();
    await expect.element(page.getByText(/differ in crop/).first()).toBeVisible();
    await expect.element(page.getByRole('row', { name: /^R@1 0\.631 0\.631/ })).toBeVisible();
  });

  it('lays two runs over each other and lists what differs', async () => {
    await showRoom('runs', roomsEngine());
    await page.getByRole('tab', { name: 'Compare' }).click();
    await expect.element(page.getByRole('row', { name: /^Seed 1 2/ })).toBeVisible();
    await expect
      .element(
        page.getByRole('img', { name: /^Loss by step\. soft-triple demo: last .* normalised softmax: last/ }),
      )
      .toBeVisible();
  });

  it('keeps the run in hand and the compared one when a new run is started elsewhere', async () => {
    const parts = roomsEngine();
    const before = await parts.runs!.list!({});
    let list = before;
    const app = await showRoom('runs', { ...parts, runs: { ...parts.runs, list: async () => list } });
    await page.getByRole('tab', { name: 'Compare' }).click();
    const picker = page.getByRole('combobox', { name: 'Compare with' });
    const start = async (id: string) => {
      list = [{ ...run, id, name: id, createdAt: run.createdAt + list.length * 1000 }, ...list];
      app.changes.touch(['runs']);
      await expect.element(page.getByRole('option', { name: id })).toBeInTheDocument();
    };
    await start('run_cli000001');
    await expect.element(picker).toHaveValue('run_norm00001');
    await picker.selectOptions('scale 400');
    await start('run_cli000002');
    await expect.element(picker).toHaveValue('run_fail00001');
    await expect.element(page.getByRole('columnheader', { name: 'scale 400' }).first()).toBeVisible();
    await page.getByRole('tab', { name: 'Log' }).click();
    await page.getByRole('tab', { name: 'Compare' }).click();
    await expect.element(picker).toHaveValue('run_fail00001');
  });

  it('compares with a run made before a setting existed by the setting’s default', async () => {
    const parts = roomsEngine();
    const [first, ...older] = await parts.runs!.list!({});
    const config = { ...run.config, flip: true, schedule: 'cosine', unheard: 4 };
    const newer = { ...first!, config };
    await showRoom('runs', {
      ...parts,
      runs: {
        ...parts.runs,
        list: async () => [newer, ...older],
        get: async () => newer,
        events: () => streamOf([{ seq: 310, run: newer }]),
      },
    });
    await page.getByRole('tab', { name: 'Compare' }).click();
    await expect.element(page.getByRole('row', { name: 'Flip yes no' })).toBeVisible();
    expect(page.getByRole('row', { name: /^(Schedule|Unheard)/ }).query()).toBeNull();
  });

  it('asks for a split where there is none', async () => {
    const app = await showRoom('runs', roomsEngine({ empty: true }));
    await page.getByRole('button', { name: 'Make a split' }).click();
    expect(app.studio.room).toBe('splits');
  });
});
