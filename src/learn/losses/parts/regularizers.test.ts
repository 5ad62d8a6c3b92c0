import { beforeAll, describe, expect, it } from 'vitest';
import { type OpenBackend, openBackend } from '#workers/backend/open-backend.ts';
import { findMethod } from '../../registry.ts';
import { BuiltCase, randomPoints } from '../testing/built-case.ts';

const [CLASSES, DIM] = [3, 5];
const METHODS = [
  'contrastive',
  'lifted-structure',
  'multi-similarity',
  'circle',
  'n-pairs',
  'triplet',
  'margin',
];
const points = randomPoints(3, [0, 1, 2, 0, 1, 2, 0, 1], DIM);

let backend: OpenBackend;
beforeAll(async () => {
  backend = await openBackend('auto');
});

describe.each(METHODS)('the length penalty of %s', (id) => {
  const method = findMethod(id)!;

  it('is half its weight times the mean squared length, with that gradient', () => {
    const at = (embeddingRegularizer: number) =>
      new BuiltCase(method, backend.kernels, {
        classes: CLASSES,
        dim: DIM,
        settings: { embeddingRegularizer },
      }).run(points);
    const [without, penalised] = [at(0), at(0.6)];
    const values = points.rows.flat();
    const mean = values.reduce((sum, value) => sum + value ** 2, 0) / points.rows.length;
    expect(penalised.value - without.value).toBeCloseTo(0.3 * mean, 4);
    for (const [i, value] of values.entries())
      expect(penalised.gradient[i]! - without.gradient[i]!).toBeCloseTo(
        (0.6 * value) / points.rows.length,
        4,
      );
  });

  it('is a setting of the method, off where the paper has none', () => {
    expect(method.schema.parse({})).toMatchObject({ embeddingRegularizer: id === 'n-pairs' ? 0.002 : 0 });
    expect(() => method.schema.parse({ embeddingRegulariser: 1 })).toThrow(/Unrecognized key/);
  });
});

it('leaves a method its own checks', () => {
  const facts = { classes: CLASSES, minImagesPerClass: 2 };
  const settings = { cutoff: 1.5, reach: 1.4, embeddingRegularizer: 0.1 };
  expect(findMethod('margin')!.check!(settings, facts)).toMatchObject([{ field: 'cutoff' }]);
});
