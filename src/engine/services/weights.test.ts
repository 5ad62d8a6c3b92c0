import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors } from '#formats/safetensors.ts';
import { findBackbone } from '#learn/backbones/catalog.ts';
import { weightShapes } from '#learn/models/weights.ts';
import { TemporaryLibrary } from './testing/temporary-library.ts';

const BACKBONE = 'mobilenet-v1-0.25';
const arrays = weightShapes(findBackbone(BACKBONE)!.create());

/** A file of every array of a small network, all of one value, under a prefix. */
function weightsFile(library: TemporaryLibrary, name: string, value: number, without?: string): string {
  const path = join(library.root, name);
  const tensors = arrays
    .filter((array) => array.name !== without)
    .map(({ name: array, shape }) => ({
      name: `module.${array}`,
      dtype: 'F32' as const,
      shape,
      data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value),
    }));
  writeFileSync(path, encodeSafetensors(tensors));
  return path;
}

async function withSplit(library: TemporaryLibrary): Promise<void> {
  library.fill(4, 6);
  await library.import();
  await library.services.splits.create({
    dataset: 'Birds',
    kind: 'class-disjoint',
    testShare: 0.5,
    validationShare: 0,
    seed: 1,
    dropLeaks: false,
    name: 'half',
  });
}

const wish = (settings: Record<string, unknown>) =>
  ({
    dataset: 'Birds',
    split: 'half',
    method: 'soft-triple',
    backbone: BACKBONE,
    backend: 'auto',
    settings: { centersPerClass: 2, steps: 5, ...settings },
  }) as const;

test('imported weights are stored under the network’s names, listed, and what runs of it start from', async () => {
  await using library = new TemporaryLibrary();
  await withSplit(library);
  const { weights, runs, context } = library.services;
  await expect(runs.start(wish({}))).rejects.toThrow(
    /No weights of MobileNet, width 0\.25 \(Keras\) are here.*plumage weights import FILE.*weights=random/,
  );

  const first = weightsFile(library, 'first.safetensors', 0.5);
  const { weights: set, fit } = await weights.import({ path: first, licence: 'MIT' });
  expect(fit).toMatchObject({ backbone: BACKBONE, complete: true, prefix: 'module.', missing: 0 });
  expect(set).toMatchObject({ name: 'first', source: 'first.safetensors', licence: 'MIT', isDefault: true });
  const stored = decodeSafetensors(readFileSync(context.catalog.files.get(set.file!)));
  expect([...stored.tensors.keys()].sort()).toEqual(arrays.map(({ name }) => name).sort());
  expect(stored.metadata).toMatchObject({ backbone: BACKBONE, source: 'first.safetensors', licence: 'MIT' });

  const { runId, jobId } = await runs.start(wish({}));
  await library.ended(jobId);
  expect(runs.get(runId).config).toMatchObject({
    weights: 'pretrained',
    startsFrom: { kind: 'stored', file: set.file, name: 'first' },
  });
  expect(() => weights.remove('first')).toThrow(/started from the weights "first"\. Remove that run first/);
  runs.remove(runId);
  weights.remove('first');
  await expect.poll(() => context.catalog.files.has(set.file!)).toBe(false);
  expect((await weights.list()).map(({ name }) => name)).toEqual(['mobilenet-v2-0.35']);
});

test('the newest import is the default; others start runs by their name, and chance does when asked', async () => {
  await using library = new TemporaryLibrary();
  await withSplit(library);
  const { weights, runs, evaluations } = library.services;
  await weights.import({ path: weightsFile(library, 'old.safetensors', 0.1) });
  const { weights: newer } = await weights.import({ path: weightsFile(library, 'new.safetensors', 0.2) });
  expect((await weights.list()).map(({ name, isDefault }) => [name, isDefault])).toEqual([
    ['mobilenet-v2-0.35', true],
    ['new', true],
    ['old', false],
  ]);
  const start = async (settings: Record<string, unknown>): Promise<unknown> =>
    runs.get((await runs.start(wish(settings))).runId).config['startsFrom'];
  expect(await start({})).toMatchObject({ name: 'new' });
  expect(await start({ weights: 'old' })).toMatchObject({ name: 'old' });
  expect(await start({ weights: 'random', seed: 7 })).toEqual({ kind: 'random', seed: 7 });
  await expect(start({ weights: 'none' })).rejects.toThrow(
    /no imported weights "none"\. There is "new", "old"/,
  );
  await expect(runs.start({ ...wish({ weights: 'old' }), backbone: 'resnet18' })).rejects.toThrow(
    /are of mobilenet-v1-0\.25/,
  );

  const zeroShot = {
    kind: 'zero-shot',
    backbone: BACKBONE,
    size: 64,
    dataset: 'Birds',
    split: 'half',
  } as const;
  const scored = await library.ended(evaluations.start({ ...zeroShot, part: 'test', backend: 'auto' }).jobId);
  expect(scored.result).toMatchObject({
    source: { kind: 'zero-shot', backbone: BACKBONE, weights: { kind: 'stored', file: newer.file } },
  });
});

test('a file that lacks arrays is inspected with what it lacks, and not imported', async () => {
  await using library = new TemporaryLibrary();
  const { weights } = library.services;
  const path = weightsFile(library, 'part.safetensors', 1, 'conv_pw_3/kernel');
  const found = await weights.inspect(path, undefined);
  expect(found).toMatchObject({ format: 'safetensors', arrays: arrays.length - 1 });
  expect(found.fits[0]).toMatchObject({
    backbone: BACKBONE,
    complete: false,
    missing: 1,
    missingNames: ['conv_pw_3/kernel'],
  });
  await expect(weights.import({ path })).rejects.toThrow(
    /part\.safetensors fits no backbone wholly\. The nearest is mobilenet-v1-0\.25 \(99 %\): 1 of its arrays are missing/,
  );
  await expect(weights.import({ path, backbone: 'nothing' })).rejects.toThrow(
    /There is no backbone "nothing"/,
  );
  expect(await weights.list()).toHaveLength(1);
});

test('values that are no numbers are refused', async () => {
  await using library = new TemporaryLibrary();
  const path = weightsFile(library, 'diverged.safetensors', NaN);
  await expect(library.services.weights.import({ path })).rejects.toThrow(
    /diverged\.safetensors .* holds values that are no numbers.*earlier checkpoint/,
  );
});
