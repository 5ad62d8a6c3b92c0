import { beforeAll, describe, expect, it } from 'vitest';
import { type OpenBackend, openBackend } from '#workers/backend/open-backend.ts';
import { record } from '../backend/record/record.ts';
import { createRandom } from '../random/counter-random.ts';
import { methods } from '../registry.ts';
import { DIM, FEATURES, smallTrainer } from './testing/small-training.ts';

let backend: OpenBackend;
beforeAll(async () => {
  backend = await openBackend('auto');
});

describe('every method can be recorded', () => {
  it.each(methods.map((method) => [method.id, method] as const))('%s', (_, method) => {
    const native = backend.nativeBackend;
    if (!native?.binding.addFunction) return expect(backend.native).toBe(false);
    const warnings: string[] = [];
    const settings = method.schema.parse({});
    const built = method.build(settings, {
      classes: 3,
      dim: DIM,
      featureDim: FEATURES,
      kernels: backend.kernels,
      random: createRandom(1),
    });
    const trainer = smallTrainer(backend.kernels, {
      method: built,
      record: (step) => record(native, step, (warning) => warnings.push(warning)),
    });
    const report = trainer.rehearse(8, 8, 0);
    trainer.dispose();
    expect(warnings).toEqual([]);
    expect(report).toEqual({ recorded: true, reason: null, difference: 0 });
    return undefined;
  });
});
