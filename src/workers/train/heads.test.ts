import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRandom } from '#learn/random/counter-random.ts';
import { openBackend } from '../backend/open-backend.ts';
import { openModel } from '../model/open-model.ts';
import { libraryOfFolder } from './testing/folder-library.ts';
import { checkpointsOf, tinyConfig, trainInChild } from './testing/train-child.ts';

let folder = '';
let libraryPath = '';
let ids: { datasetId: string; splitId: string };

/** Classes are colours with noise. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumage-heads-'));
  const images = join(folder, 'images');
  for (let label = 0; label < 6; label++) {
    const path = join(images, `class ${String(label)}`);
    await mkdir(path, { recursive: true });
    for (let sample = 0; sample < 4; sample++) {
      const random = createRandom(label, sample);
      const colour = [label * 40, 250 - label * 40, (label * 97) % 256];
      const pixels = Uint8Array.from({ length: 40 * 40 * 3 }, (_, i) =>
        Math.max(0, Math.min(255, (colour[i % 3] as number) + 60 * (random.next() - 0.5))),
      );
      await sharp(pixels, { raw: { width: 40, height: 40, channels: 3 } })
        .png()
        .toFile(join(path, `${String(sample)}.png`));
    }
  }
  libraryPath = join(folder, 'library');
  ids = libraryOfFolder(libraryPath, images, (_, index) => (index < 4 ? 'train' : 'validation'));
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const variants = [
  [
    'mobilenet-v1-0.25',
    { pooling: 'average+max', headNorm: 'layer', frozenStages: 1 },
    { kind: 'random', seed: 3 },
  ],
  ['mobilenet-v2-0.35', { pooling: 'flatten', headNorm: 'none' }, { kind: 'shipped' }],
] as const;

it.each(variants)(
  '%s with %o trains, goes on from a checkpoint as if it had never stopped, and embeds',
  async (backbone, head, weights) => {
    const config = tinyConfig({ backbone, ...head, headInit: 'random', batch: 4 });
    const straight = await trainInChild(libraryPath, { ...ids, config, weights });
    expect(straight.error).toBeNull();
    expect(straight.result).toMatchObject({ status: 'done', step: 8 });
    const [first, last] = checkpointsOf(straight, 'last');
    if (!first || !last) throw new Error('no checkpoints');
    const resumed = await trainInChild(libraryPath, { ...ids, config, weights, resumeFrom: first.file });
    expect(resumed.error).toBeNull();
    expect(checkpointsOf(resumed, 'last').at(-1)?.file).toBe(last.file);

    const backend = await openBackend('auto');
    const places = { libraryPath, resourcesPath: '' };
    const model = await openModel({ kind: 'checkpoint', file: last.file, config }, places, backend);
    const noise = createRandom(5);
    const pixels = Uint8Array.from({ length: 2 * 32 * 32 * 3 }, () => Math.floor(256 * noise.next()));
    const embeddings = model.embed(pixels, 2);
    model.dispose();
    expect(embeddings.length).toBe(2 * model.dim);
    expect(Math.hypot(...embeddings.subarray(0, model.dim))).toBeCloseTo(1, 5);
  },
  120_000,
);
