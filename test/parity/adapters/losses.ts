import * as tf from '@tensorflow/tfjs-core';
import { unitColumns } from '#learn/losses/centers.ts';
import { hardClassSimilarity, hardTripleLoss } from '#learn/losses/centers/hard-triple.ts';
import { normalizedSoftmaxLoss } from '#learn/losses/centers/normalized-softmax.ts';
import { centerRegularizer, softClassSimilarity, softTripleLoss } from '#learn/losses/centers/soft-triple.ts';
import { openParityBackend } from '../backend.ts';
import { type Adapter, type ParityCase, numberOf } from '../case.ts';
import { embeddingsOf, extraChecks, integersOf, lossChecks, matrixOf } from './loss-checks.ts';

const settingsOf = ({ params }: ParityCase) => ({
  scale: numberOf(params['lambda']),
  margin: numberOf(params['margin']),
  centersPerClass: numberOf(params['K']),
});

/** SoftTriple, with the similarities and the regulariser that it is made of. */
export const compareSoftTriple: Adapter = async (example) => {
  const { kernels } = await openParityBackend();
  const settings = {
    ...settingsOf(example),
    centerTemperature: numberOf(example.params['gamma']),
    regularizerWeight: numberOf(example.params['tau']),
  };
  const labels = integersOf(example, 'labels');
  const checks = await lossChecks(example, ['embeddings', 'centers'], (raw, centers) =>
    tf.mean(softTripleLoss(embeddingsOf(example, raw, true), labels, centers, settings, kernels)),
  );
  const unit = unitColumns(matrixOf(example, 'centers'));
  const embeddings = embeddingsOf(example, matrixOf(example, 'embeddings'), true);
  const extras = await extraChecks(example, {
    classSimilarity: softClassSimilarity(embeddings, unit, settings),
    regulariser: centerRegularizer(unit, settings.centersPerClass),
  });
  return [...checks, ...extras];
};

/** HardTriple, with the similarities to the nearest centres. */
export const compareHardTriple: Adapter = async (example) => {
  const { kernels } = await openParityBackend();
  const settings = settingsOf(example);
  const labels = integersOf(example, 'labels');
  const checks = await lossChecks(example, ['embeddings', 'centers'], (raw, centers) =>
    tf.mean(hardTripleLoss(embeddingsOf(example, raw, true), labels, centers, settings, kernels)),
  );
  const embeddings = embeddingsOf(example, matrixOf(example, 'embeddings'), true);
  const classSimilarity = hardClassSimilarity(embeddings, matrixOf(example, 'centers'), settings);
  return [...checks, ...(await extraChecks(example, { classSimilarity }))];
};

export const compareNormalizedSoftmax: Adapter = async (example) => {
  const { kernels } = await openParityBackend();
  const settings = { scale: 1 / numberOf(example.params['temperature']) };
  const labels = integersOf(example, 'labels');
  return lossChecks(example, ['embeddings', 'weights'], (raw, weights) =>
    tf.mean(normalizedSoftmaxLoss(embeddingsOf(example, raw, true), labels, weights, settings, kernels)),
  );
};
