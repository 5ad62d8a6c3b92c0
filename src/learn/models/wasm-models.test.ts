import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { loadWasm } from '#workers/backend/wasm.ts';
import { composedKernels } from '../backend/composed.ts';
import { createRandom } from '../random/counter-random.ts';
import { randomHead } from './head.ts';
import { everyLayer, unevenWeights } from './testing/every-layer.ts';
import { createTrainable } from './trainable.ts';

beforeAll(() => loadWasm(1));

/** Embeddings, gradients and running statistics of a network with every kind of layer. */
async function passOn(backend: string, freezeBatchNorm: boolean): Promise<Map<string, Float32Array>> {
  await tf.setBackend(backend);
  const network = everyLayer();
  const weights = new Map([
    ...unevenWeights(network, createRandom(1)),
    ...randomHead(network.featureDim, 5, createRandom(2)),
  ]);
  const model = createTrainable({ network, weights, dim: 5, freezeBatchNorm, kernels: composedKernels });
  const images = tf.tensor4d(
    Float32Array.from({ length: 2 * 16 * 16 * 3 }, (_, i) => 128 + 127 * Math.sin(i * 1.3)),
    [2, 16, 16, 3],
  );
  const { value, grads } = tf.variableGrads(
    () => tf.sum(tf.sin(tf.mul(model.forward(images).raw, 3))),
    model.parameters.map(({ variable }) => variable),
  );
  const arrays = new Map<string, Float32Array>([['loss', value.dataSync<'float32'>()]]);
  for (const { name, variable } of model.parameters)
    arrays.set(name, grads[variable.name]?.dataSync<'float32'>() ?? new Float32Array());
  for (const [name, variable] of model.statistics) arrays.set(name, variable.dataSync<'float32'>());
  model.dispose();
  return arrays;
}

it.each([true, false])(
  'on WebAssembly a step is that of the plain JavaScript backend; frozen norms: %s',
  async (freezeBatchNorm) => {
    const got = await passOn('wasm', freezeBatchNorm);
    const want = await passOn('cpu', freezeBatchNorm);
    expect(got.size).toBe(want.size);
    for (const [name, values] of want) {
      // The bias under a norm on the batch's statistics has no effect: its gradient is rounding alone.
      if (name === 'stem.bias' && !freezeBatchNorm) continue;
      const ours = got.get(name) ?? [];
      const largest = Math.max(...values.map(Math.abs));
      const difference = Math.max(...values.map((value, i) => Math.abs(value - (ours[i] ?? NaN))));
      expect(difference / largest, name).toBeLessThan(1e-3);
    }
  },
);
