import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RunSettings, presets, resolveConfig } from './config.ts';
import { methods } from './registry.ts';

const facts = {
  classes: 40,
  minImagesPerClass: 12,
  trainImages: 500,
  validationImages: 50,
  cores: 2,
  memoryBytes: 8e9,
};
const resolve = (settings: Record<string, unknown>, more: object = {}, split: object = {}) =>
  resolveConfig({ method: 'soft-triple', settings, ...more }, { ...facts, ...split });

describe('resolveConfig', () => {
  it('fills every default and counts the steps', () => {
    const { config, problems, warnings, steps } = resolve({});
    expect(problems).toEqual([]);
    expect(warnings).toEqual([]);
    expect(config).toMatchObject({
      methodId: 'soft-triple',
      size: 128,
      evaluationResize: 128,
      threads: 2,
      method: {
        scale: 20,
        centerTemperature: 0.1,
        regularizerWeight: 0.2,
        margin: 0.01,
        centersPerClass: 10,
      },
    });
    expect(steps).toBe(6 * 15);
  });

  it('takes the paper’s symbols, and texts for numbers', () => {
    const { config } = resolve({ la: '15', K: 3, flip: 'true', milestones: '[2,4]', schedule: 'step' });
    expect(config).toMatchObject({
      flip: true,
      milestones: [2, 4],
      schedule: 'step',
      method: { scale: 15, centersPerClass: 3 },
    });
  });

  it('puts the request before the preset and the preset before the defaults', () => {
    const { config } = resolve({ epochs: 2 }, { preset: 'soft-triple-cub' });
    expect(config).toMatchObject({
      epochs: 2,
      dim: 64,
      adamEpsilon: 0.01,
      milestones: [19, 39],
      evaluationResize: 256,
    });
  });

  it('lends another method of a preset only the loss settings that both share', () => {
    const preset = 'soft-triple-cub';
    expect(resolve({}, { method: 'triplet', preset }).config?.method['margin']).toBe(0.2);
    expect(resolve({}, { method: 'hard-triple', preset }).config?.method).toMatchObject({
      margin: 0.01,
      centersPerClass: 10,
    });
  });

  it('lowers a K that nobody chose to what the smallest class can fill, and refuses one that was chosen', () => {
    const few = { minImagesPerClass: 5 };
    const { config, warnings } = resolve({}, {}, few);
    expect(config?.method['centersPerClass']).toBe(4);
    expect(warnings.join()).toMatch(
      /smallest class has 5 training images: centersPerClass is 4 instead of 10/,
    );
    expect(resolve({ K: 10 }, {}, few).problems[0]?.field).toBe('centersPerClass');
    expect(resolve({}, { preset: 'demo' }, { minImagesPerClass: 1 }).config?.method['centersPerClass']).toBe(
      1,
    );
  });

  it('reads a list as people write it', () => {
    expect(resolve({ milestones: '5,10', schedule: 'step' }).config?.milestones).toEqual([5, 10]);
    expect(resolve({ milestones: '7' }).config?.milestones).toEqual([7]);
  });

  it('lends a preset’s run settings to another method', () => {
    const { config, problems } = resolve({}, { method: 'normalized-softmax', preset: 'demo' });
    expect(problems).toEqual([]);
    expect(config).toMatchObject({ headInit: 'pca', method: { scale: 20 } });
  });

  it.each([
    [{ epoch: 3 }, {}, 'epoch', /no setting "epoch"; did you mean "epochs"\?/],
    [{ zzzzzzzzzzzz: 3 }, {}, 'zzzzzzzzzzzz', /There are: /],
    [
      { K: 12 },
      {},
      'centersPerClass',
      /smallest class has 12 training images: set centersPerClass to 11 or less/,
    ],
    [{ K: 2 }, { minImagesPerClass: 1 }, 'centersPerClass', /one training image/],
    [{ la: 1e6 }, {}, 'scale', /at most 1000, not 1000000\. .*overflows/],
    [{ la: 'high' }, {}, 'scale', /must be a number, not "high"/],
    [{ size: 100 }, {}, 'size', /multiple of 32, not 100: the nearest is 96/],
    [{ epochs: 2.5 }, {}, 'epochs', /must be a whole number, not 2\.5/],
    [{ schedule: 'linear' }, {}, 'schedule', /must be one of cosine, step, .*constant, not "linear"/],
    [{ evaluationResize: 64 }, {}, 'evaluationResize', /at least the size 128/],
    [{ backbone: 'mobilenet-v2' }, {}, 'backbone', /did you mean "mobilenet-v2-0\.35"\?/],
    [{ batch: 1024, size: 512 }, {}, 'batch', /GB and this machine has 8\.0 GB: lower batch or size/],
    [{}, { classes: 1 }, 'split', /fewer than two classes/],
  ])('answers %j with a sentence', (settings, split, field, sentence) => {
    const { config, problems } = resolve(settings, {}, split);
    expect(config).toBeNull();
    expect(problems[0]?.field).toBe(field);
    expect(problems[0]?.message).toMatch(sentence);
  });

  it('names unknown methods and presets', () => {
    expect(resolve({}, { method: 'softtriple' }).problems[0]?.message).toMatch(
      /did you mean "soft-triple"\?/,
    );
    expect(resolve({}, { preset: 'dmo' }).problems[0]?.message).toMatch(/did you mean "demo"\?/);
  });

  it('refuses label smoothing that no proxy would read', () => {
    const smoothed = (more: object) => resolve({ smoothing: 0.1, ...more }, { method: 'proxy-nca' }).problems;
    expect(smoothed({})).toMatchObject([{ field: 'smoothing', message: expect.any(String) }]);
    expect(smoothed({ includePositive: true })).toEqual([]);
  });

  it('warns of what is legal and unwise', () => {
    const { warnings } = resolve({ la: 500 }, {}, { trainImages: 20, validationImages: 0 });
    expect(warnings.join(' ')).toMatch(/scale of 500.*fewer than one batch.*no validation classes/);
  });
});

describe('presets and schemas', () => {
  it.each(presets.map((p) => [p.id, p] as const))('%s resolves without a problem', (id, preset) => {
    // The papers' machines had room for batches of 180.
    const large = { ...facts, memoryBytes: 64e9 };
    const resolved = resolveConfig({ method: preset.method, preset: id, settings: {} }, large);
    expect(resolved.problems).toEqual([]);
    expect({ ...resolved.config, ...resolved.config?.method }).toMatchObject(preset.settings);
    const method = methods.find((m) => m.id === preset.method);
    const known = [...Object.keys(RunSettings.shape), ...Object.keys(method?.schema.shape ?? {})];
    expect(Object.keys(preset.settings).filter((name) => !known.includes(name))).toEqual([]);
  });

  it.each([['run', RunSettings], ...methods.map((m) => [m.id, m.schema] as const)] as const)(
    '%s has a form',
    (_, schema) => {
      const json = z.toJSONSchema(schema, { io: 'input' });
      for (const property of Object.values(json.properties ?? {})) {
        expect(property).toMatchObject({ title: expect.any(String), description: expect.any(String) });
        expect(property).toHaveProperty('default');
      }
    },
  );

  it('has no method field or symbol that a setting of the run hides', () => {
    const hidden = methods.flatMap(({ id, schema, symbols }) =>
      [...Object.keys(schema.shape), ...Object.keys(symbols)]
        .filter((name) => Object.hasOwn(RunSettings.shape, name))
        .map((name) => `${id}: ${name}`),
    );
    expect(hidden).toEqual([]);
  });

  it('maps every symbol to a field of its method', () => {
    for (const { symbols, schema } of methods) {
      for (const field of Object.values(symbols)) expect(schema.shape).toHaveProperty(field);
    }
  });
});
