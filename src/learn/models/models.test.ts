import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '#workers/backend/open-backend.ts';
import { composedKernels } from '../backend/composed.ts';
import type { Kernels } from '../backend/kernels.ts';
import type { weightedLayers } from '../backbones/network.ts';
import { featureMap } from '../backbones/run-network.ts';
import { lastSide } from '../backbones/shapes.ts';
import { createRandom } from '../random/counter-random.ts';
import { createEmbedder } from './embedder.ts';
import { HEAD_NORMS, POOLINGS, type HeadNorm, type Pooling } from './head-kinds.ts';
import { headInputs, headNormArrays, poolingArrays, randomHead } from './head.ts';
import { everyLayer, unevenWeights } from './testing/every-layer.ts';
import { createTrainable } from './trainable.ts';
import { HEAD_NORM_GAMMA, type WeightArray, weightOf, weightShapes } from './weights.ts';

const [SIZE, BATCH, DIM] = [16, 3, 5];
const network = everyLayer();

let kernelSets: Kernels[] = [composedKernels];
let images: tf.Tensor4D;
beforeAll(async () => {
  const backend = await openBackend('auto');
  if (backend.native) kernelSets = [backend.kernels, composedKernels];
  images = tf.randomUniform([BATCH, SIZE, SIZE, 3], 0, 255, 'float32', 3);
});

function weightsWith(pooling: Pooling = 'average', headNorm: HeadNorm = 'none'): Map<string, WeightArray> {
  return new Map([
    ...unevenWeights(network, createRandom(1)),
    ...poolingArrays(pooling),
    ...randomHead(headInputs(network, pooling, SIZE), DIM, createRandom(2)),
    ...headNormArrays(headNorm, DIM),
  ]);
}

const relativeError = (got: tf.Tensor, want: tf.Tensor): number => {
  expect(got.shape).toEqual(want.shape);
  const largest = tf.max(tf.abs(want)).dataSync()[0] as number;
  return (tf.max(tf.abs(tf.sub(got, want))).dataSync()[0] as number) / (largest || 1);
};

/** The last map with every operation on its own: convolution, bias, norm, activation. */
function plainMap(weights: ReadonlyMap<string, WeightArray>): tf.Tensor4D {
  const vector = (name: string, channels: number): tf.Tensor1D =>
    tf.tensor1d(weightOf(weights, name, [channels]));
  const normed = (x: tf.Tensor4D, names: NonNullable<ReturnType<typeof weightedLayers>[number]['norm']>) => {
    const [mean, variance, beta, gamma] = [names.mean, names.variance, names.beta, names.gamma].map((name) =>
      vector(name, x.shape[3]),
    ) as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
    return tf.batchNorm4d(x, mean, variance, beta, gamma, network.batchNormEpsilon);
  };
  return featureMap(network, images, {
    kernels: composedKernels,
    convolution: (layer, x) => {
      const filter = tf.tensor4d(weightOf(weights, layer.filter, layer.shape), [...layer.shape]);
      const bias = layer.bias === null ? tf.zeros([1]) : vector(layer.bias, layer.shape[3]);
      const linear = composedKernels.convolve(x, filter, bias as tf.Tensor1D, {
        ...layer,
        activation: 'none',
      });
      return composedKernels.activate(layer.norm ? normed(linear, layer.norm) : linear, layer.activation);
    },
    norm: (layer, x) => composedKernels.activate(normed(x, layer.norm), layer.activation),
  });
}

describe('a network with every kind of layer', () => {
  it('has a last map of the size that is worked out for it', () => {
    const { height, width } = lastSide(network, SIZE);
    expect(plainMap(weightsWith()).shape).toEqual([BATCH, height, width, network.featureDim]);
  });

  it('gives the same folded, folded in the step, and with norms on their own', () => {
    const weights = weightsWith();
    const want = tf.mean(plainMap(weights), [1, 2]);
    for (const kernels of kernelSets) {
      const embedder = createEmbedder(network, weights, kernels);
      const model = createTrainable({ network, weights, dim: DIM, freezeBatchNorm: true, kernels });
      expect(relativeError(embedder.features(images), want), `${kernels.id} folded`).toBeLessThan(1e-5);
      expect(relativeError(model.forward(images).features, want), `${kernels.id} step`).toBeLessThan(1e-5);
      embedder.dispose();
      model.dispose();
    }
  });

  it.each([true, false])(
    'has the same gradients natively and composed; frozen norms: %s',
    (freezeBatchNorm) => {
      const results = kernelSets.map((kernels) => {
        const model = createTrainable({
          network,
          weights: weightsWith(),
          dim: DIM,
          freezeBatchNorm,
          kernels,
        });
        const { grads } = tf.variableGrads(
          () => tf.sum(tf.sin(tf.mul(model.forward(images).raw, 3))),
          model.parameters.map(({ variable }) => variable),
        );
        const gradients = model.parameters.map(({ name, variable }) => [name, grads[variable.name]] as const);
        const statistics = [...model.statistics].map(([name, v]) => [name, tf.clone(v)] as const);
        return new Map([...gradients, ...statistics]);
      });
      const [got, want] = [results[0] as Map<string, tf.Tensor>, results.at(-1) as Map<string, tf.Tensor>];
      expect(got.size).toBe(weightShapes(network).length + 2);
      for (const [name, tensor] of want) {
        const ours = got.get(name) as tf.Tensor;
        // The bias under a norm on the batch's statistics has no effect: its gradient is rounding alone.
        if (name === 'stem.bias' && !freezeBatchNorm) continue;
        expect(relativeError(ours, tensor), name).toBeLessThan(2e-4);
      }
    },
  );

  it('has the gradient that small steps show', () => {
    const kernels = kernelSets[0] as Kernels;
    const model = createTrainable({
      network,
      weights: weightsWith(),
      dim: DIM,
      freezeBatchNorm: true,
      kernels,
    });
    const variables = model.parameters.map(({ variable }) => variable);
    const loss = (): tf.Scalar => tf.sum(tf.sin(model.forward(images).raw));
    const { grads } = tf.variableGrads(loss, variables);
    for (const { name, variable } of model.parameters) {
      if (variable.rank > 1) continue;
      const direction = grads[variable.name] as tf.Tensor;
      const norm = tf.norm(direction).dataSync()[0] as number;
      if (norm < 1e-3) continue;
      const start = tf.clone(variable);
      const at = (step: number): number => {
        variable.assign(tf.add(start, tf.mul(direction, step / norm)));
        return loss().dataSync()[0] as number;
      };
      const slope = (at(2e-3) - at(-2e-3)) / 4e-3;
      variable.assign(start);
      expect(Math.abs(slope - norm) / norm, name).toBeLessThan(0.03);
    }
  });

  it('leaves the arrays of frozen stages and their statistics alone', () => {
    const kernels = kernelSets[0] as Kernels;
    const weights = weightsWith();
    const options = { network, weights, dim: DIM, freezeBatchNorm: false, frozenStages: 2, kernels };
    const model = createTrainable(options);
    const names = model.parameters.map(({ name }) => name);
    expect(names.some((name) => name.startsWith('stem') || name.startsWith('row'))).toBe(false);
    expect(names).toContain('wide2.weight');
    model.forward(images);
    const moved = (name: string): boolean =>
      relativeError(model.statistics.get(name) as tf.Tensor, tf.tensor1d(weights.get(name)?.data ?? [])) > 0;
    expect(moved('stem.bn.running_mean')).toBe(false);
    expect(moved('wide2.bn.running_mean')).toBe(true);
    expect([...names, ...model.statistics.keys()].toSorted()).toEqual(
      [...weightShapes(network).map(({ name }) => name), 'head/kernel', 'head/bias'].toSorted(),
    );
  });
});

describe('heads', () => {
  const kinds = POOLINGS.flatMap((pooling) => HEAD_NORMS.map((norm) => [pooling, norm] as const));

  it.each(kinds)('%s pooling with %s norm: as written out', (pooling, norm) => {
    const weights = weightsWith(pooling, norm);
    const map = plainMap(weights);
    const average = tf.mean(map, [1, 2]);
    const flat = tf.reshape(map, [BATCH, -1]);
    const input = { average, 'average+max': tf.add(average, tf.max(map, [1, 2])), flatten: flat }[pooling];
    const kernel = weights.get('head/kernel') as WeightArray;
    const linear = tf.add(
      tf.matMul(input as tf.Tensor2D, tf.tensor2d(kernel.data, [input.shape[1] as number, DIM])),
      tf.tensor1d(weights.get('head/bias')?.data ?? []),
    );
    const { mean, variance } = tf.moments(linear, 1, true);
    const raw = norm === 'none' ? linear : tf.div(tf.sub(linear, mean), tf.sqrt(tf.add(variance, 1e-5)));
    const unit = tf.div(raw, tf.norm(raw, 2, 1, true));

    const kernels = kernelSets[0] as Kernels;
    const embedder = createEmbedder(network, weights, kernels);
    const model = createTrainable({ network, weights, dim: DIM, freezeBatchNorm: true, kernels });
    const passed = model.forward(images);
    expect(embedder.dim).toBe(DIM);
    expect(relativeError(embedder.features(images), input)).toBeLessThan(1e-4);
    expect(relativeError(embedder.raw(images), raw)).toBeLessThan(1e-4);
    expect(relativeError(embedder.embed(images), unit)).toBeLessThan(1e-4);
    expect(relativeError(passed.features, average)).toBeLessThan(1e-4);
    expect(relativeError(passed.raw, raw)).toBeLessThan(1e-4);
    expect(relativeError(passed.embeddings, unit)).toBeLessThan(1e-4);
    expect(model.parameters.some(({ name }) => name === HEAD_NORM_GAMMA)).toBe(norm === 'layer');
    // What a checkpoint keeps is what it began with: pooling too.
    expect(new Set([...model.parameters.map(({ name }) => name), ...model.statistics.keys()])).toEqual(
      new Set(weights.keys()),
    );
    embedder.dispose();
    model.dispose();
  });
});
