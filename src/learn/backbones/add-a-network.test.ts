import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenBackend, openBackend } from '#workers/backend/open-backend.ts';
import { randomHead } from '../models/head.ts';
import { randomWeights } from '../models/random-weights.ts';
import { createTrainable } from '../models/trainable.ts';
import { weightShapes } from '../models/weights.ts';
import { createRandom } from '../random/counter-random.ts';
import type { Network } from './network.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
// Beside the networks, because the page's code imports what lies there.
const file = fileURLToPath(new URL(`add-a-network.page-${String(process.pid)}.ts`, import.meta.url));

let section = '';
let network: Network;
let backend: OpenBackend;
beforeAll(async () => {
  backend = await openBackend('auto');
  const page = await readFile(`${root}docs/contributing.md`, 'utf8');
  section = /\n## Add a network\n(.*?)\n## /s.exec(page)?.[1] ?? '';
  await writeFile(file, /```ts\n(.*?)```/s.exec(section)?.[1] ?? '');
  const { squeezeNet } = (await import(/* @vite-ignore */ file)) as { squeezeNet: () => Network };
  network = squeezeNet();
});
afterAll(() => rm(file, { force: true }));

describe('the page “Add a network”', () => {
  it('names files that are there', () => {
    const paths = [...section.matchAll(/`((?:src|test)\/[\w./-]+)`/g)].map(([, path]) => path as string);
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => !existsSync(root + path))).toEqual([]);
  });

  it('shows a network with the published number of parameters', () => {
    const own = weightShapes(network).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    expect(own + (network.featureDim + 1) * 1000).toBe(1_235_496);
  });

  it('trains with it: its loss falls', () => {
    const { kernels } = backend;
    const dim = 4;
    const weights = new Map([
      ...randomWeights(network, createRandom(1)),
      ...randomHead(network.featureDim, dim, createRandom(2)),
    ]);
    const model = createTrainable({ network, weights, dim, freezeBatchNorm: true, kernels });
    const images = tf.randomUniform<tf.Rank.R4>([4, 48, 48, 3], 0, 255, 'float32', 3);
    const wanted = tf.eye(4);
    const optimizer = tf.train.adam(1e-3);
    const step = (): number => {
      const cost = optimizer.minimize(
        () => tf.losses.meanSquaredError(wanted, model.forward(images).embeddings),
        true,
        model.parameters.map(({ variable }) => variable),
      );
      return cost!.dataSync()[0] as number;
    };
    const losses = Array.from({ length: 15 }, step);
    model.dispose();
    expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]!);
  });
});
