import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as tf from '@tensorflow/tfjs-core';
import type { BackboneInfo } from '#learn/backbones/catalog.ts';
import type { Recorded } from '#learn/backend/record/record.ts';
import { type Embedder, createEmbedder } from '#learn/models/embedder.ts';
import { randomHead } from '#learn/models/head.ts';
import { type WeightArray, type Weights, weightShapes } from '#learn/models/weights.ts';
import { softTriple } from '#learn/losses/centers/soft-triple.ts';
import { createRandom } from '#learn/random/counter-random.ts';
import { adam } from '#learn/optimizers/adam.ts';
import { Trainer } from '#learn/trainer.ts';
import { type OpenBackend, openBackend } from '#workers/backend/open-backend.ts';
import { backboneOf, readBackboneWeights } from '#workers/model/backbone-weights.ts';
import { recordedOutput } from '#workers/model/recorded-output.ts';
import { recordedStep } from '#workers/train/recorded-step.ts';
import type { TorchRequest } from './torch/torch-peer.ts';

/**
 * Our side of the training bench: answers the same requests as `torch/peer.py`, one JSON object a line.
 * Arguments: threads, and whether it will `train` or `embed`, which decides how they are used.
 */
const [threads = '1', plan = 'train'] = process.argv.slice(2);
const [CLASSES, DIM] = [528, 128];

const backend = await openBackend('tensorflow', {
  threads: Number(threads),
  plan: plan === 'train' ? 'training' : 'inference',
});
const shipped = await readBackboneWeights(backboneOf('mobilenet-v2-0.35'), {
  libraryPath: '',
  resourcesPath: join(import.meta.dirname, '../../resources'),
});

const works = { train: prepareTraining(backend), embed: prepareEmbedding(backend) };

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as TorchRequest;
  const once = works[request.work](request);
  const ms: number[] = [];
  let loss = 0;
  for (let i = 0; i < request.repeat; i++) {
    const started = performance.now();
    loss = once();
    ms.push(performance.now() - started);
  }
  process.stdout.write(`${JSON.stringify({ ms, loss })}\n`);
}

/** A network with its weights, or with drawn ones where it has none: what a step takes does not depend on them. */
function startOf(id: TorchRequest['network']): { info: BackboneInfo; weights: Weights } {
  const info = backboneOf(id);
  const random = createRandom(1);
  const drawn = weightShapes(info.create()).map(({ name, shape }): [string, WeightArray] => {
    const size = shape.reduce((product, side) => product * side, 1);
    const spread = Math.sqrt(2 / Math.max(1, size / (shape.at(-1) ?? 1)));
    const data = Float32Array.from({ length: size }, () => (shape.length > 1 ? spread * random.normal() : 1));
    return [name, { shape, data }];
  });
  const head = randomHead(info.featureDim, DIM, random);
  return { info, weights: new Map([...(info.weightsFile === null ? drawn : shipped), ...head]) };
}

function prepareTraining(opened: OpenBackend): (request: TorchRequest) => () => number {
  const { kernels } = opened;
  let trainer: Trainer | null = null;
  let number = 0;
  return ({ network: id, size, batch }) => {
    const { info, weights } = startOf(id);
    trainer ??= new Trainer({
      network: info.create(),
      weights,
      method: softTriple.build(softTriple.schema.parse({ centersPerClass: 2 }), {
        classes: CLASSES,
        dim: DIM,
        featureDim: info.featureDim,
        kernels,
        random: createRandom(2),
      }),
      dim: DIM,
      seed: 1,
      freezeBatchNorm: true,
      rule: adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, amsgrad: false, decoupledDecay: false }),
      groups: [0, 1, 2].map(() => ({ decay: 1e-4, frozenSteps: 0 })),
      kernels,
      ...recordedStep(opened, (message) => process.stderr.write(`  ${message}\n`)),
    });
    const trained = trainer;
    const images = Float32Array.from({ length: batch * size * size * 3 }, (_, i) => (i * 2654435761) % 256);
    const labels = Int32Array.from({ length: batch }, (_, i) => (i * 37) % CLASSES);
    return () => trained.step(images, labels, size, ++number, [3e-4, 1e-3, 1e-2]).loss;
  };
}

function recordedEmbedding(embedder: Embedder): Recorded {
  return recordedOutput((images) => embedder.embed(images));
}

function prepareEmbedding({ kernels }: OpenBackend): (request: TorchRequest) => () => number {
  let recorded: Recorded | null = null;
  return ({ network: id, size, batch }) => {
    const { info, weights } = startOf(id);
    const made = (recorded ??= recordedEmbedding(createEmbedder(info.create(), weights, kernels)));
    const images = tf.randomUniform<tf.Rank.R4>([batch, size, size, 3], 0, 255, 'float32', 7);
    return () => tf.tidy(() => made.call(images).dataSync()[0] ?? 0);
  };
}
