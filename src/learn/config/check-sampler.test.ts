import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../config.ts';

const facts = { classes: 10, minImagesPerClass: 6, trainImages: 90, validationImages: 20 };
const resolve = (settings: Record<string, unknown>, split: object = {}) =>
  resolveConfig({ method: 'normalized-softmax', settings }, { ...facts, ...split });
const problemsOf = (settings: Record<string, unknown>, split: object = {}): string[] =>
  resolve(settings, split).problems.map(({ field, message }) => `${field}: ${message}`);

const grouped = ['per-class', 'hierarchical', 'neighborhood'];

describe.each(grouped)('sampler %s', (sampler) => {
  it('takes a batch of whole classes and plans as many steps as with shuffled images', () => {
    const { problems, warnings, steps } = resolve({ sampler, batch: 32, epochs: 3 });
    expect([problems, warnings, steps]).toEqual([[], [], 6]);
  });

  it('says which batch would do', () => {
    expect(problemsOf({ sampler, batch: 30 })).toEqual([
      `batch: batch must be a multiple of imagesPerClass (4) with sampler ${sampler}, not 30: 28 or 32 fit.`,
    ]);
    expect(problemsOf({ sampler, batch: 4 })).toEqual([
      'batch: batch must be at least 8 with 4 images per class, so that two classes are compared, not 4.',
    ]);
    expect(problemsOf({ sampler, batch: 48 })).toEqual([
      'batch: A batch of 48 with 4 images per class is made of 12 classes and the training part has 10: lower batch to 40 or raise imagesPerClass.',
    ]);
    expect(problemsOf({ sampler, batch: 48 }, { classes: 12 })).toEqual([]);
  });

  it('warns of classes that have to repeat images', () => {
    expect(resolve({ sampler }, { minImagesPerClass: 1 }).warnings.join()).toContain(
      'The smallest class has 1 image and a batch takes 4',
    );
  });
});

it('other samplers take any batch', () => {
  for (const sampler of ['shuffled', 'class-balanced'])
    expect(resolve({ sampler, batch: 30 }, { minImagesPerClass: 1 })).toMatchObject({
      problems: [],
      warnings: [],
    });
});

it('an unknown sampler is refused with the known ones', () => {
  expect(problemsOf({ sampler: 'random' }).join()).toContain('shuffled, per-class');
});
