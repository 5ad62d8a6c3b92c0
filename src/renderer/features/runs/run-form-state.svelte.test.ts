import { describe, expect, it } from 'vitest';
import type { Client } from '../../../shared/contract/index.ts';
import { fakeClient } from '../../testing/fake-client.ts';
import { RunFormState, type RunCheck, type RunOptions } from './run-form-state.svelte.ts';
import type { FormField } from './schema-form.ts';

const options: RunOptions = {
  methods: [
    {
      id: 'soft-triple',
      title: 'SoftTriple',
      summary: '',
      source: '',
      family: 'centers',
      formula: '',
      defaults: {},
      schema: { type: 'object', properties: { scale: { type: 'number', exclusiveMinimum: 0, default: 20 } } },
    },
    {
      id: 'softmax',
      title: 'Softmax',
      summary: '',
      source: '',
      family: 'classification',
      formula: '',
      defaults: { batch: 64 },
      schema: { type: 'object', properties: {} },
    },
  ],
  presets: [
    { id: 'demo', title: 'Demo', summary: '', method: 'soft-triple', settings: { batch: 16, scale: 10 } },
    { id: 'paper', title: 'Paper', summary: '', method: 'soft-triple', settings: {} },
  ],
  backbones: [],
  settings: {
    type: 'object',
    properties: {
      backbone: { type: 'string', default: 'net' },
      batch: { type: 'integer', minimum: 2, maximum: 1024, default: 32 },
      size: { type: 'integer', default: 128 },
      epochs: { type: 'integer', default: 6 },
      flip: { type: 'boolean', default: false },
      optimizer: { type: 'string', enum: ['adam', 'sgd'], default: 'adam' },
      momentum: {
        ...{ type: 'number', default: 0.9, minimum: 0, maximum: 1 },
        onlyWhen: { field: 'optimizer', is: ['sgd'] },
      },
      threads: { type: 'integer', minimum: 0, default: 0 },
    },
  },
};

function form(parts: Partial<Client['runs']> = {}): {
  state: RunFormState;
  field: (name: string) => FormField;
} {
  const client = fakeClient({ runs: parts });
  const state = new RunFormState(
    () => client,
    options,
    () => ({ dataset: 'ds', split: 'half' }),
  );
  const field = (name: string): FormField => {
    const found = state.groups.flatMap((group) => group.fields).find((one) => one.name === name);
    if (found === undefined) throw new Error(`no field ${name}`);
    return found;
  };
  return { state, field };
}
const checked: RunCheck = { config: { batch: 16 }, problems: [], warnings: [], steps: 480 };

describe('the run form', () => {
  it('groups the fields of method and run, and leaves the backbone to its own control', () => {
    const { state } = form();
    expect(state.groups.map((group) => [group.id, group.fields.map((field) => field.name)])).toEqual([
      ['method', ['scale']],
      ['batches', ['batch']],
      ['optimiser', ['optimizer']],
      ['schedule', ['epochs']],
      ['views', ['size', 'flip']],
      ['run', ['threads']],
    ]);
  });

  it('takes values from the preset, then the defaults, and sends only what was changed', () => {
    const { state, field } = form();
    expect([state.value(field('batch')), state.value(field('scale')), state.value(field('size'))]).toEqual([
      16, 10, 128,
    ]);
    state.set(field('scale'), '25');
    state.set(field('flip'), true);
    expect(state.request).toEqual({
      dataset: 'ds',
      split: 'half',
      method: 'soft-triple',
      preset: 'demo',
      backend: 'auto',
      settings: { scale: 25, flip: true },
    });
    expect([state.changed(field('scale')), state.changed(field('batch'))]).toEqual([true, false]);
    state.set(field('scale'), '10');
    expect(state.request?.settings).toEqual({ flip: true });
  });

  it('keeps what cannot be read in its field, says so and asks nothing of the engine', () => {
    const { state, field } = form();
    state.set(field('batch'), '1.5');
    expect(state.request).toBeNull();
    expect(state.typed(field('batch'))).toBe('1.5');
    expect(state.problem(field('batch'))).toBe('Batch takes a whole number from 2 to 1024.');
    expect(state.wrongCount).toBe(1);
    state.reset(field('batch'));
    expect(state.request?.settings).toEqual({});
  });

  it('puts the engine’s problems beside their fields and the rest above the button', async () => {
    const problems = [
      { field: 'method.scale', message: 'The scale is too high.' },
      { field: 'split', message: 'The split has no validation part.' },
    ];
    const { state, field } = form({ check: () => Promise.resolve({ ...checked, config: null, problems }) });
    await state.check(new AbortController().signal);
    expect(state.problem(field('scale'))).toBe('The scale is too high.');
    expect(state.otherProblems).toEqual(['The split has no validation part.']);
    expect(state.canStart).toBe(false);
  });

  it('ignores the answer to a question that was withdrawn', async () => {
    const { state } = form({ check: () => Promise.resolve(checked) });
    const controller = new AbortController();
    const asked = state.check(controller.signal);
    controller.abort();
    await asked;
    expect(state.checked).toBeUndefined();
    await state.check(new AbortController().signal);
    expect([state.checked?.steps, state.canStart]).toEqual([480, true]);
  });

  it('starts over with another method or preset', () => {
    const { state, field } = form();
    state.set(field('size'), '96');
    state.chooseMethod('softmax');
    // The method wants batches of its own; a preset of its own would have the say.
    expect([state.preset, state.changedCount, state.value(field('batch'))]).toEqual([null, 0, 64]);
    state.choosePreset('paper');
    expect([state.method, state.preset]).toEqual(['soft-triple', 'paper']);
  });

  it('shows a field only where it matters, and where it was changed', () => {
    const { state, field } = form();
    const names = () => state.groups.flatMap((group) => group.fields.map(({ name }) => name));
    expect(names()).not.toContain('momentum');
    state.set(field('optimizer'), 'sgd');
    expect(names()).toContain('momentum');
    state.set(field('momentum'), '0.5');
    state.set(field('optimizer'), 'adam');
    expect(names()).toContain('momentum');
    state.reset(field('momentum'));
    expect(names()).not.toContain('momentum');
  });

  it('takes the settings of a run: what preset and defaults would not give is a change', () => {
    const { state } = form();
    state.takeSettings({
      method: 'soft-triple',
      config: {
        ...{
          preset: 'demo',
          backbone: 'other',
          backend: 'wasm',
          batch: 16,
          size: 96,
          epochs: 6,
          flip: false,
        },
        ...{ threads: 2, method: { scale: 33 }, facts: { threads: 2 } },
      },
    });
    expect(state.request).toEqual({
      dataset: 'ds',
      split: 'half',
      method: 'soft-triple',
      preset: 'demo',
      backbone: 'other',
      backend: 'wasm',
      settings: { scale: 33, size: 96 },
    });
    expect(state.changedCount).toBe(3);
  });

  it('knows which networks have weights, and names those that may be started from', () => {
    const { state } = form();
    expect(state.hasWeights('net')).toBe(true);
    state.weights = [];
    expect([state.baseBackbone, state.hasWeights('net')]).toEqual(['net', false]);
  });

  it('says in words why a run did not start', async () => {
    const { state } = form({
      start: () => Promise.reject(Object.assign(new Error('The name is taken.'), { code: 'conflict' })),
    });
    expect(await state.start()).toBeUndefined();
    expect(state.error).toMatchObject({ code: 'conflict', message: 'The name is taken.' });
  });
});
