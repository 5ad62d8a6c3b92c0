import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '#workers/backend/open-backend.ts';
import { type FixtureTensor, readFixture, shareOfTolerance } from '../../../../test/parity/learn-fixture.ts';
import { composedKernels } from '../../backend/composed.ts';
import type { Kernels } from '../../backend/kernels.ts';
import { unitRows } from '../centers.ts';
import { hardTripleLoss } from './hard-triple.ts';
import { normalizedSoftmaxLoss } from './normalized-softmax.ts';
import { centerRegularizer, softClassSimilarity, softTripleLoss } from './soft-triple.ts';
import { unitColumns } from '../centers.ts';

interface Params {
  readonly loss: string;
  readonly lambda: number;
  readonly gamma: number;
  readonly tau: number;
  readonly margin: number;
  readonly K: number;
  readonly temperature: number;
  readonly normalizeEmbeddings: boolean;
}
interface Inputs {
  readonly embeddings: FixtureTensor;
  readonly labels: FixtureTensor;
  readonly centers?: FixtureTensor;
  readonly weights?: FixtureTensor;
}
interface Expected {
  readonly loss: number;
  readonly gradients?: Readonly<Record<string, FixtureTensor>>;
  readonly classSimilarity?: FixtureTensor;
  readonly regulariser?: number;
}

const settingsOf = (p: Params) => ({
  scale: p.lambda,
  centerTemperature: p.gamma,
  regularizerWeight: p.tau,
  margin: p.margin,
  centersPerClass: p.K,
});

function lossOf(
  p: Params,
  x: tf.Tensor2D,
  labels: tf.Tensor1D,
  centers: tf.Tensor2D,
  kernels: Kernels,
): tf.Tensor1D {
  const embeddings = p.normalizeEmbeddings ? unitRows(x) : x;
  if (p.loss === 'softtriple') return softTripleLoss(embeddings, labels, centers, settingsOf(p), kernels);
  if (p.loss === 'hardtriple') return hardTripleLoss(embeddings, labels, centers, settingsOf(p), kernels);
  return normalizedSoftmaxLoss(embeddings, labels, centers, { scale: 1 / p.temperature }, kernels);
}

const matrix = ({ data, shape }: FixtureTensor): tf.Tensor2D => tf.tensor2d(data, shape as [number, number]);

let kernelSets: Kernels[] = [composedKernels];
beforeAll(async () => {
  const backend = await openBackend('auto');
  if (backend.native) kernelSets = [composedKernels, backend.kernels];
});

describe.each(['losses/softtriple', 'losses/hardtriple', 'losses/normalized_softmax'])(
  '%s against reference values',
  (topic) => {
    const { cases } = readFixture<Params, Inputs, Expected>(topic);
    it.each(cases.map((c) => [c.name, c] as const))('%s', (_, { params, inputs, expected, tolerance }) => {
      const bounds = tolerance['float32'] as Record<'loss' | 'gradients', { abs: number; rel: number }>;
      for (const kernels of kernelSets) {
        const x = matrix(inputs.embeddings);
        const labels = tf.tensor1d(inputs.labels.data, 'int32');
        const centers = matrix((inputs.centers ?? inputs.weights) as FixtureTensor);
        const meanLoss = (x: tf.Tensor, centers: tf.Tensor): tf.Scalar =>
          tf.mean(lossOf(params, x as tf.Tensor2D, labels, centers as tf.Tensor2D, kernels));
        const { value, grads } = tf.valueAndGrads(meanLoss)([x, centers]);
        expect(
          shareOfTolerance(value.dataSync(), [expected.loss], bounds.loss),
          `${kernels.id} loss`,
        ).toBeLessThanOrEqual(1);
        const [ofEmbeddings, ofCenters] = grads.map((g) => g.dataSync()) as [Float32Array, Float32Array];
        expect([...ofEmbeddings, ...ofCenters].every(Number.isFinite)).toBe(true);
        const wanted = expected.gradients;
        if (wanted) {
          const ofCentersWanted = (wanted['centers'] ?? wanted['weights']) as FixtureTensor;
          const ofEmbeddingsWanted = wanted['embeddings'] as FixtureTensor;
          expect(
            shareOfTolerance(ofEmbeddings, ofEmbeddingsWanted.data, bounds.gradients),
          ).toBeLessThanOrEqual(1);
          expect(shareOfTolerance(ofCenters, ofCentersWanted.data, bounds.gradients)).toBeLessThanOrEqual(1);
        }
      }
    });
  },
);

describe('SoftTriple parts', () => {
  const { cases } = readFixture<Params, Inputs, Expected>('losses/softtriple');
  it.each(cases.filter((c) => c.expected.regulariser !== undefined).map((c) => [c.name, c] as const))(
    'class similarity and regulariser: %s',
    (_, { params, inputs, expected }) => {
      const unit = unitColumns(matrix(inputs.centers as FixtureTensor));
      const regulariser = centerRegularizer(unit, params.K).dataSync();
      expect(
        shareOfTolerance(regulariser, [expected.regulariser as number], { abs: 2e-6, rel: 2e-5 }),
      ).toBeLessThanOrEqual(1);
      const x = matrix(inputs.embeddings);
      const similarity = softClassSimilarity(
        params.normalizeEmbeddings ? unitRows(x) : x,
        unit,
        settingsOf(params),
      );
      const wanted = (expected.classSimilarity as FixtureTensor).data;
      expect(shareOfTolerance(similarity.dataSync(), wanted, { abs: 2e-6, rel: 2e-5 })).toBeLessThanOrEqual(
        1,
      );
    },
  );
});
