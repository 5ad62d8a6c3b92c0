import { beforeAll, expect, it } from 'vitest';
import { createRandom } from '../random/counter-random.ts';
import { methods } from '../registry.ts';
import { STEP_MEASURES } from './step-result.ts';
import { type OpenBackend, openBackend } from '#workers/backend/open-backend.ts';
import { CURVES } from '../../renderer/features/runs/curve-list.ts';

const named = new Set(CURVES.flatMap(({ lines }) => Object.keys(lines)));
const context = { classes: 6, dim: 8, featureDim: 16 };
let backend: OpenBackend;
beforeAll(async () => {
  backend = await openBackend('auto');
});

it('names what every step measures', () => {
  expect(STEP_MEASURES.filter((name) => !named.has(name))).toEqual([]);
});

it.each(methods.map((method) => [method.id, method] as const))('names the figures of %s', (_, method) => {
  const settings = method.schema.parse({
    ...('centersPerClass' in method.schema.shape && { centersPerClass: 2 }),
  });
  const built = method.build(settings, { ...context, kernels: backend.kernels, random: createRandom(1) });
  const read = built.diagnostics?.(built.parameters.map(({ initial }) => initial)) ?? {};
  expect([...(built.figures ?? []), ...Object.keys(read)].filter((name) => !named.has(name))).toEqual([]);
});
