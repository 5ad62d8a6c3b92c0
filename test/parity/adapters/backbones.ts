import * as tf from '@tensorflow/tfjs-core';
import { mobileNetV2 } from '#learn/backbones/mobilenet-v2.ts';
import { createEmbedder } from '#learn/models/embedder.ts';
import type { WeightArray } from '#learn/models/weights.ts';
import { openBackend } from '#workers/backend/open-backend.ts';
import { type Adapter, check, tensorOf } from '../case.ts';
import { hashedValues } from './tables.ts';

type Listed = readonly [name: string, shape: number[], kind: string, note: string];

/** Pooled features of MobileNetV2 0.35 with hashed weights. */
export const compareBackbone: Adapter = async (example) => {
  const { kernels } = await openBackend('auto');
  const listed = example.about['parameters'] as readonly Listed[];
  const weights = new Map<string, WeightArray>(
    listed.map(([name, shape, kind]) => [
      // The file calls a depthwise filter "kernel"; the weight files say "depthwise_kernel".
      name.replace(/_depthwise\/kernel$/, '_depthwise/depthwise_kernel'),
      { shape, data: filled(name, shape, kind) },
    ]),
  );
  const shape = example.params['inputShape'] as [number, number, number, number];
  const embedder = createEmbedder({ ...mobileNetV2(0.35), input: { scale: 1, offset: 0 } }, weights, kernels);
  const features = await embedder.features(tf.tensor4d(filled('input', shape, 'input'), shape)).data();
  embedder.dispose();
  const bound = example.tolerance['float32'] as { readonly relToMax?: number } | undefined;
  const want = tensorOf(example.expected['pooled']).data;
  if (bound?.relToMax === undefined) return [check('pooled', features, want, example, ['float32'])];
  return [{ what: 'pooled', got: features, want, abs: 0, rel: bound.relToMax }];
};

function filled(name: string, shape: readonly number[], kind: string): Float32Array {
  const values = hashedValues(
    name,
    shape.reduce((product, length) => product * length, 1),
  );
  const [kh = 1, kw = 1, into = 1, out = 1] = shape;
  const fanIn = kh * kw * (out === 1 && kh > 1 ? 1 : into);
  const of: Record<string, (v: number) => number> = {
    weight: (v) => v * Math.sqrt(6 / fanIn),
    bnWeight: (v) => 1 + 0.1 * v,
    bnVar: (v) => 0.8 + 0.4 * Math.abs(v),
    input: (v) => v,
  };
  return Float32Array.from(values, of[kind] ?? ((v) => 0.1 * v));
}
