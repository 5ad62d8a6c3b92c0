import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../../backend/kernels.ts';
import { buildNetwork } from '../../backbones/build-network.ts';
import { convolution, torchNorm } from '../../backbones/parts.ts';
import type { BuiltMethod } from '../../losses/method.ts';
import { randomHead } from '../../models/head.ts';
import { type WeightArray, type Weights, weightShapes } from '../../models/weights.ts';
import { adam } from '../../optimizers/adam.ts';
import { createRandom } from '../../random/counter-random.ts';
import { Trainer, type StepResult, type TrainerOptions } from '../../trainer.ts';

/** For tests: a network of two convolutions and a method of three centres, on images of 8 x 8. */
export const SIDE = 8;
export const [CLASSES, DIM, FEATURES] = [3, 4, 8];

const network = buildNetwork(
  [
    ['first', convolution({ filter: 'conv1.weight', norm: torchNorm('bn1') }, 3, 6, { stride: 2 })],
    ['second', convolution({ filter: 'conv2.weight', norm: torchNorm('bn2') }, 3, FEATURES)],
  ],
  {
    batchNormEpsilon: 1e-5,
    input: { order: 'rgb', scale: 1 / 128, offset: -1 },
    framework: 'torch',
    classifiers: [],
  },
);

export function startingWeights(): Map<string, WeightArray> {
  const random = createRandom(7);
  const arrays = new Map<string, WeightArray>(
    weightShapes(network).map(({ name, shape }) => {
      const size = shape.reduce((product, side) => product * side, 1);
      const constant = name.endsWith('running_var') || /bn\d\.weight$/.test(name) ? 1 : 0;
      const data = Float32Array.from({ length: size }, () =>
        shape.length === 4 ? 0.3 * random.normal() : constant,
      );
      return [name, { shape, data }];
    }),
  );
  for (const [name, array] of randomHead(network.featureDim, DIM, random)) arrays.set(name, array);
  return arrays;
}

/** Softmax over centres, its samples' losses and a figure. */
export function centersMethod(kernels: Kernels): BuiltMethod {
  const random = createRandom(8);
  return {
    parameters: [
      {
        name: 'centers',
        shape: [DIM, CLASSES],
        initial: Float32Array.from({ length: DIM * CLASSES }, () => random.normal()),
      },
    ],
    figures: ['largest'],
    loss: ({ embeddings, labels, trained }) => {
      const logits = tf.matMul<tf.Tensor2D>(embeddings, trained[0] as tf.Tensor2D);
      const perSample = kernels.softmaxCrossEntropy(logits, labels);
      return { value: tf.mean(perSample), perSample, figures: [tf.max(perSample)] };
    },
  };
}

export function smallTrainer(kernels: Kernels, options: Partial<TrainerOptions> = {}): Trainer {
  return new Trainer({
    network,
    weights: startingWeights(),
    method: centersMethod(kernels),
    dim: DIM,
    seed: 3,
    freezeBatchNorm: false,
    rule: adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, amsgrad: false, decoupledDecay: false }),
    groups: [0, 1, 2].map(() => ({ decay: 1e-3, frozenSteps: 0 })),
    kernels,
    ...options,
  });
}

/** Steps `from` + 1 to `to`, each with a batch and rates of its own. */
export function runSteps(trainer: Trainer, from: number, to: number): StepResult[] {
  return Array.from({ length: to - from }, (_, i) => {
    const number = from + i + 1;
    const random = createRandom(9, number);
    const images = Float32Array.from({ length: 6 * SIDE * SIDE * 3 }, () => Math.floor(random.next() * 256));
    const labels = Int32Array.from({ length: 6 }, (_, s) => (s + number) % CLASSES);
    return trainer.step(images, labels, SIDE, number, [0.01 / number, 0.02, 0.05]);
  });
}

export const stateOf = (trainer: Trainer): Map<string, WeightArray> =>
  new Map([...trainer.weights(), ...trainer.slots()]);

/** A trainer that goes on from arrays, as a resumed run makes it. */
export function resumed(arrays: Weights, kernels: Kernels, options: Partial<TrainerOptions>): Trainer {
  const trainer = smallTrainer(kernels, { ...options, weights: arrays });
  trainer.restore(arrays);
  return trainer;
}
