import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '#workers/backend/open-backend.ts';
import { type FixtureTensor, readFixture } from '../../../test/parity/learn-fixture.ts';
import { composedKernels } from '../backend/composed.ts';
import type { Kernels } from '../backend/kernels.ts';
import { createEmbedder } from '../models/embedder.ts';
import { type WeightArray, weightShapes } from '../models/weights.ts';
import { mobileNetV2 } from './mobilenet-v2.ts';

interface Params {
  readonly inputShape: [number, number, number, number];
}
interface Expected {
  readonly pooled: FixtureTensor;
}
type Listed = [name: string, shape: number[], kind: string, note: string];

/** The fixture's rule: every array is a hash of its name and of the index. */
function fill(name: string, shape: readonly number[], kind: string): Float32Array {
  let h = 2166136261;
  for (const byte of new TextEncoder().encode(name)) h = Math.imul(h ^ byte, 16777619) >>> 0;
  const size = shape.reduce((a, b) => a * b, 1);
  const [kh = 1, kw = 1, into = 1, out = 1] = shape;
  const fanIn = kh * kw * (out === 1 && kh > 1 ? 1 : into);
  return Float32Array.from({ length: size }, (_, i) => {
    let x = (h + Math.imul(i, 0x9e3779b1)) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b) >>> 0;
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0;
    x = (x ^ (x >>> 16)) >>> 0;
    const v = x / 2 ** 31 - 1;
    if (kind === 'weight') return v * Math.sqrt(6 / fanIn);
    if (kind === 'bnWeight') return 1 + 0.1 * v;
    if (kind === 'bnVar') return 0.8 + 0.4 * Math.abs(v);
    return kind === 'input' ? v : 0.1 * v;
  });
}

let kernelSets: Kernels[] = [composedKernels];
beforeAll(async () => {
  const backend = await openBackend('auto');
  if (backend.native) kernelSets = [composedKernels, backend.kernels];
});

describe('MobileNetV2 0.35', () => {
  const fixture = readFixture<Params, unknown, Expected>('backbones/mobilenet_v2_035_keras');
  const listed = fixture.about['parameters'] as Listed[];
  // The fixture calls a depthwise filter "kernel"; the weight files say "depthwise_kernel".
  const ourName = (name: string): string =>
    name.replace(/_depthwise\/kernel$/, '_depthwise/depthwise_kernel');

  it('has the arrays of the reference, in its order', () => {
    expect(weightShapes(mobileNetV2(0.35))).toEqual(
      listed.map(([name, shape]) => ({ name: ourName(name), shape })),
    );
  });

  it('gives the pooled features of the reference', () => {
    const [example] = fixture.cases;
    if (!example) throw new Error('no case');
    const weights = new Map<string, WeightArray>(
      listed.map(([name, shape, kind]) => [ourName(name), { shape, data: fill(name, shape, kind) }]),
    );
    const network = { ...mobileNetV2(0.35), input: { scale: 1, offset: 0 } };
    const { inputShape } = example.params;
    for (const kernels of kernelSets) {
      const embedder = createEmbedder(network, weights, kernels);
      const images = tf.tensor4d(fill('input', inputShape, 'input'), inputShape);
      const got = embedder.features(images).dataSync();
      const want = example.expected.pooled.data;
      expect(got.length).toBe(want.length);
      const largest = Math.max(...want.map(Math.abs));
      const difference = Math.max(...want.map((w, i) => Math.abs(w - (got[i] as number))));
      expect(difference / largest, kernels.id).toBeLessThan(2e-4);
      const norms = tf.norm(embedder.embed(images), 2, 1).dataSync();
      expect(norms[0]).toBeCloseTo(1, 5);
      embedder.dispose();
    }
  });
});
