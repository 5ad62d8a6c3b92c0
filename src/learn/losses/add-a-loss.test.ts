import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenBackend, openBackend } from '#workers/backend/open-backend.ts';
import { methods } from '../registry.ts';
import type { Method } from './method.ts';
import { BuiltCase, randomPoints } from './testing/built-case.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
// Beside the losses, because the page's code imports what lies there.
const file = fileURLToPath(new URL(`add-a-loss.page-${String(process.pid)}.ts`, import.meta.url));

let section = '';
let method: Method;
let backend: OpenBackend;
beforeAll(async () => {
  backend = await openBackend('auto');
  const page = await readFile(`${root}docs/contributing.md`, 'utf8');
  section = /\n## Add a loss\n(.*?)\n## /s.exec(page)?.[1] ?? '';
  const code = /```ts\n(.*?)```/s.exec(section)?.[1] ?? '';
  await writeFile(file, code);
  const exported = (await import(/* @vite-ignore */ file)) as Record<string, unknown>;
  method = Object.values(exported).find((value) => typeof value === 'object') as Method;
});
afterAll(() => rm(file, { force: true }));

describe('the page “Add a loss”', () => {
  it('names files that are there', () => {
    const paths = [...section.matchAll(/`((?:src|test)\/[\w./-]+)`/g)].map(([, path]) => path as string);
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => !existsSync(root + path))).toEqual([]);
  });

  it('shows a method with its defaults, its words and an id of its own', () => {
    expect(methods.map(({ id }) => id)).not.toContain(method.id);
    const defaults = method.schema.parse({});
    for (const [name, field] of Object.entries(method.schema.shape)) {
      expect(defaults[name]).toBeDefined();
      expect((field as { meta(): unknown }).meta()).toMatchObject({
        title: expect.any(String),
        description: expect.any(String),
      });
    }
    expect(Object.keys(method.schema.shape)).toEqual(expect.arrayContaining(Object.values(method.symbols)));
  });

  it('trains with it: its loss falls', () => {
    const [dim, labels] = [6, [0, 1, 2, 0, 1, 2, 0, 1, 2]];
    const built = new BuiltCase(method, backend.kernels, { classes: 3, dim });
    const { rows } = randomPoints(4, labels, dim);
    const points = tf.tensor2d(rows.flat(), [rows.length, dim]);
    const head = tf.variable(tf.eye(dim));
    const optimizer = tf.train.sgd(0.1);
    const step = (): number =>
      tf.tidy(() => {
        const raw = (): tf.Tensor2D => tf.matMul(points, head);
        const cost = optimizer.minimize(() => built.loss(raw(), tf.tensor1d(labels, 'int32')).value, true);
        return cost!.dataSync()[0] as number;
      });
    const losses = Array.from({ length: 40 }, step);
    expect(losses[0]).toBeGreaterThan(0);
    expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]!);
  });
});
