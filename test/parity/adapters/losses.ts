import * as tf from '@tensorflow/tfjs-core';
import { unitColumns, unitRows } from '#learn/losses/centers.ts';
import { hardTripleLoss } from '#learn/losses/centers/hard-triple.ts';
import { normalizedSoftmaxLoss } from '#learn/losses/centers/normalized-softmax.ts';
import { centerRegularizer, softClassSimilarity, softTripleLoss } from '#learn/losses/centers/soft-triple.ts';
import { openBackend } from '#workers/backend/open-backend.ts';
import { type Adapter, type ParityCase, numberOf } from '../case.ts';
import { extraChecks, integersOf, lossChecks, matrixOf } from './loss-checks.ts';

const settingsOf = ({ params }: ParityCase) => ({
  scale: numberOf(params['lambda']),
  centerTemperature: numberOf(params['gamma']),
  regularizerWeight: numberOf(params['tau']),
  margin: numberOf(params['margin']),
  centersPerClass: numberOf(params['K']),
});

const embeddingsOf = ({ params }: ParityCase, raw: tf.Tensor2D): tf.Tensor2D =>
  params['normalizeEmbeddings'] === false ? raw : unitRows(raw);

/** SoftTriple, with the similarities and the regulariser that it is made of. */
export const compareSoftTriple: Adapter = async (example) => {
  const { kernels } = await openBackend('auto');
  const settings = settingsOf(example);
  const labels = integersOf(example, 'labels');
  const checks = await lossChecks(example, ['embeddings', 'centers'], (raw, centers) =>
    tf.mean(softTripleLoss(embeddingsOf(example, raw), labels, centers, settings, kernels)),
  );
  const unit = unitColumns(matrixOf(example, 'centers'));
  const embeddings = embeddingsOf(example, matrixOf(example, 'embeddings'));
  const extras = await extraChecks(example, {
    classSimilarity: softClassSimilarity(embeddings, unit, settings),
    regulariser: centerRegularizer(unit, settings.centersPerClass),
  });
  return [...checks, ...extras];
};

export const compareHardTriple: Adapter = async (example) => {
  const { kernels } = await openBackend('auto');
  const settings = settingsOf(example);
  const labels = integersOf(example, 'labels');
  return lossChecks(example, ['embeddings', 'centers'], (raw, centers) =>
    tf.mean(hardTripleLoss(embeddingsOf(example, raw), labels, centers, settings, kernels)),
  );
};

export const compareNormalizedSoftmax: Adapter = async (example) => {
  const { kernels } = await openBackend('auto');
  const settings = { scale: 1 / numberOf(example.params['temperature']) };
  const labels = integersOf(example, 'labels');
  return lossChecks(example, ['embeddings', 'weights'], (raw, weights) =>
    tf.mean(normalizedSoftmaxLoss(embeddingsOf(example, raw), labels, weights, settings, kernels)),
  );
};
