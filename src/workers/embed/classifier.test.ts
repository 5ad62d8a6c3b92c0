import * as tf from '@tensorflow/tfjs-core';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ContentStore } from '#catalog/content-store.ts';
import { createTrainable } from '#learn/models/trainable.ts';
import { createRandom } from '#learn/random/counter-random.ts';
import type { EmbedResult, EmbedTask, EvaluateResult } from '#shared/worker/embed.ts';
import { openBackend } from '../backend/open-backend.ts';
import { runWorker } from '../host/testing/run-worker.ts';
import { backboneOf, floatArrays } from '../model/backbone-weights.ts';
import { openModel } from '../model/open-model.ts';
import { libraryOfFolder } from '../train/testing/folder-library.ts';
import { checkpointsOf, tinyConfig, trainInChild } from '../train/testing/train-child.ts';
import { readEmbedding } from './read-embedding.ts';

const CLASSES = 4;
const config = tinyConfig(
  {
    pooling: 'flatten',
    headInit: 'random',
    batch: 8,
    epochs: 15,
    featureDivisor: 2,
    imagesPerClass: 2,
  },
  'two-head',
);
let folder = '';
let libraryPath = '';
let splitId = '';
let file = '';

/** Classes are colours with noise; every class has five images to train on and three to test, the first one only. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumage-classifier-'));
  const images = join(folder, 'images');
  for (let label = 0; label < CLASSES + 1; label++) {
    await mkdir(join(images, `class ${String(label)}`), { recursive: true });
    for (let sample = 0; sample < 8; sample++) {
      const random = createRandom(label, sample);
      const colour = [label * 60, 250 - label * 60, (label * 97) % 256];
      const pixels = Uint8Array.from({ length: 40 * 40 * 3 }, (_, i) =>
        Math.max(0, Math.min(255, colour[i % 3]! + 60 * (random.next() - 0.5))),
      );
      await sharp(pixels, { raw: { width: 40, height: 40, channels: 3 } })
        .png()
        .toFile(join(images, `class ${String(label)}`, `${String(sample)}.png`));
    }
  }
  libraryPath = join(folder, 'library');
  // One class is in no part, so that numbers of classes are not their ids less one.
  const ids = libraryOfFolder(libraryPath, images, (_, index, image) => {
    if (index === 1) return image === 0 ? 'validation' : null;
    if (index === 0 && image > 5) return null;
    return image < 5 ? 'train' : 'test';
  });
  splitId = ids.splitId;
  const trained = await trainInChild(libraryPath, { ...ids, config });
  expect(trained.error).toBeNull();
  file = checkpointsOf(trained, 'last').at(-1)!.file;
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const embed = async (task: Partial<EmbedTask>): Promise<EmbedResult> => {
  const model = { kind: 'checkpoint', file, config } as const;
  const whole: EmbedTask = { model, splitId, part: 'test', closedSet: true, backend: 'auto', ...task };
  const { result, failure } = await runWorker('embed', 'embed', whole, libraryPath);
  expect(failure).toBeNull();
  return result as EmbedResult;
};

async function evaluate(embedding: string): Promise<EvaluateResult> {
  const protocol = {
    splitHash: 'x',
    part: 'test',
    size: 32,
    crop: 'none',
    duplicatePolicy: 'kept',
    checkpointRule: 'none',
    bootstrapSeed: 7,
    bootstrapSamples: 200,
  };
  const task = {
    input: { kind: 'embedding', file: embedding },
    protocol,
    gallery: { kind: 'rest' },
    recallAt: [1],
    thresholdsFrom: null,
    keep: 3,
    baseline: null,
    backend: 'auto',
  } as const;
  const { result, failure } = await runWorker('embed', 'evaluate', task, libraryPath);
  expect(failure).toBeNull();
  return result as EvaluateResult;
}

test('the classifier of a checkpoint is scored on images of the classes that it was trained on', async () => {
  const stored = await readEmbedding(new ContentStore(libraryPath).get((await embed({})).file));
  const { labels, predictions } = stored;
  expect([...new Set(labels)]).toEqual([1, 3, 4, 5]);
  expect([...predictions!].every((id) => [1, 3, 4, 5].includes(id))).toBe(true);
  const right = [...labels].map((label, row): number => (predictions![row] === label ? 1 : 0));
  const meanOf = (values: readonly number[]): number =>
    values.reduce((sum, one) => sum + one, 0) / values.length;
  const { scores } = await evaluate((await embed({})).file);
  const share = meanOf(right);
  expect(share).toBeGreaterThan(0.6);
  expect(scores['accuracy@1']!.value).toBeCloseTo(share, 6);
  const shares = [1, 3, 4, 5].map((id) => meanOf(right.filter((_, row) => labels[row] === id)));
  expect(scores['macro-accuracy']!.value).toBeCloseTo(meanOf(shares), 6);
  expect(scores['accuracy@1']!.classLow).toBeLessThanOrEqual(share);
  expect(Object.keys(scores)).toEqual(expect.arrayContaining(['recall@1', 'centroid', 'macro-centroid']));
}, 60_000);

test('nothing is classified where classes are new or the network has no classifier', async () => {
  const open = await embed({ closedSet: false });
  const bare = await embed({ model: { kind: 'backbone', backbone: 'mobilenet-v2-0.35', size: 32 } });
  for (const { file: hash } of [open, bare])
    expect((await readEmbedding(new ContentStore(libraryPath).get(hash))).predictions).toBeNull();
  expect(Object.keys((await evaluate(open.file)).scores)).not.toContain('accuracy@1');
}, 60_000);

test('a checkpoint classifies as the network in training does: pooled features, though the head takes the whole map', async () => {
  const backend = await openBackend('auto');
  const model = await openModel(
    { kind: 'checkpoint', file, config },
    { libraryPath, resourcesPath: '' },
    backend,
    CLASSES,
  );
  const noise = createRandom(5);
  const pixels = Uint8Array.from({ length: 12 * 32 * 32 * 3 }, (_, i) =>
    Math.floor((i % 7) * 20 * noise.next() + 40 * (Math.floor(i / 3072) % 3)),
  );
  const { vectors, predictions } = model.embedAndClassify!(pixels, 12);
  expect(vectors).toEqual(model.embed(pixels, 12));
  model.dispose();

  const weights = floatArrays(await readFile(new ContentStore(libraryPath).get(file)), 'x');
  const network = backboneOf('mobilenet-v2-0.35').create();
  const training = createTrainable({
    network,
    weights,
    dim: model.dim,
    freezeBatchNorm: true,
    kernels: backend.kernels,
  });
  const images = tf.tensor4d(Float32Array.from(pixels), [12, 32, 32, 3]);
  const { features, embeddings } = training.forward(images);
  const of = (name: string): tf.Tensor => tf.tensor(weights.get(name)!.data, [...weights.get(name)!.shape]);
  const logits = tf.add(
    tf.matMul(tf.div(features, 2), of('method/classifier/kernel') as tf.Tensor2D),
    of('method/classifier/bias'),
  );
  expect([...predictions]).toEqual([...tf.argMax(logits, 1).dataSync()]);
  expect(new Set(predictions).size).toBeGreaterThan(1);
  const differences = tf.abs(tf.sub(embeddings, tf.tensor2d(vectors, [12, model.dim])));
  expect(tf.max(differences).dataSync()[0]).toBeLessThan(1e-3);
  training.dispose();
});
