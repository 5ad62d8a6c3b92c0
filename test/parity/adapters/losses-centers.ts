import * as tf from '@tensorflow/tfjs-core';
import { arcFaceLoss } from '#learn/losses/classification/arcface.ts';
import { centerLoss, movedCenters } from '#learn/losses/classification/center.ts';
import { unitRows } from '#learn/losses/centers.ts';
import { cosFaceLoss } from '#learn/losses/classification/cosface.ts';
import { proxyAnchorLoss } from '#learn/losses/centers/proxy-anchor.ts';
import { proxyNcaLoss } from '#learn/losses/centers/proxy-nca.ts';
import { subCenterArcFaceLoss } from '#learn/losses/classification/sub-center-arcface.ts';
import { tripletCenterLoss } from '#learn/losses/centers/triplet-center.ts';
import { openBackend } from '#workers/backend/open-backend.ts';
import { type Adapter, numberOf } from '../case.ts';
import { extraChecks, integersOf, lossChecks, matrixOf } from './loss-checks.ts';

/** Unit rows where a case asks for them, at the length that it gives. */
const rowsOf = (rows: tf.Tensor2D, normalize: unknown, length: unknown): tf.Tensor2D =>
  tf.mul(normalize === false ? rows : unitRows(rows), length === undefined ? 1 : numberOf(length));

export const compareProxyNca: Adapter = async (example) => {
  await openBackend('auto');
  const { params } = example;
  const labels = integersOf(example, 'labels');
  const settings = {
    scale: params['scale'] === undefined ? 1 : numberOf(params['scale']),
    includePositive: params['variant'] !== 'negatives-only',
    smoothing: params['smoothing'] === undefined ? 0 : numberOf(params['smoothing']),
  };
  return lossChecks(example, ['embeddings', 'proxies'], (raw, given) => {
    const embeddings = rowsOf(raw, params['normalizeEmbeddings'], params['scaleEmbeddings']);
    const proxies = rowsOf(given, params['normalizeProxies'], params['scaleProxies']);
    return tf.mean(proxyNcaLoss(embeddings, labels, proxies, settings));
  });
};

export const compareProxyAnchor: Adapter = async (example) => {
  await openBackend('auto');
  const settings = { alpha: numberOf(example.params['alpha']), margin: numberOf(example.params['margin']) };
  const labels = integersOf(example, 'labels');
  return lossChecks(example, ['embeddings', 'proxies'], (raw, proxies) =>
    proxyAnchorLoss(unitRows(raw), labels, proxies, settings),
  );
};

export const compareMarginSoftmax: Adapter = async (example) => {
  const { kernels } = await openBackend('auto');
  const { params } = example;
  const labels = integersOf(example, 'labels');
  const scale = numberOf(params['scale']);
  const margin = numberOf(params['margin']);
  const marginDegrees = numberOf(params['marginDegrees']);
  const centersPerClass = numberOf(params['subCenters']);
  return lossChecks(example, ['embeddings', 'weights'], (raw, weights) => {
    const embeddings = unitRows(raw);
    if (params['loss'] === 'cosface')
      return tf.mean(cosFaceLoss(embeddings, labels, weights, { scale, margin }, kernels));
    if (params['loss'] === 'arcface')
      return tf.mean(arcFaceLoss(embeddings, labels, weights, { scale, marginDegrees }, kernels));
    const settings = { scale, marginDegrees, centersPerClass };
    return tf.mean(subCenterArcFaceLoss(embeddings, labels, weights, settings, kernels));
  });
};

/** Centre loss with its update rule, and triplet-centre loss; the case's loss is the sum over samples. */
export const compareCenters: Adapter = async (example) => {
  await openBackend('auto');
  const { params } = example;
  const labels = integersOf(example, 'labels');
  const perSample = (raw: tf.Tensor2D, centers: tf.Tensor2D): tf.Tensor1D => {
    const embeddings = params['normalizeEmbeddings'] === true ? unitRows(raw) : raw;
    return params['loss'] === 'center'
      ? centerLoss(embeddings, labels, centers)
      : tripletCenterLoss(embeddings, labels, centers, { margin: numberOf(params['margin']) });
  };
  const reduce = params['reduction'] === 'mean' ? tf.mean : tf.sum;
  const checks = await lossChecks(example, ['embeddings', 'centers'], (raw, centers) =>
    reduce<tf.Scalar>(perSample(raw, centers)),
  );
  const [embeddings, centers] = [matrixOf(example, 'embeddings'), matrixOf(example, 'centers')];
  const extras: Record<string, tf.Tensor> = { lossMean: tf.mean(perSample(embeddings, centers)) };
  if (params['alpha'] !== undefined)
    extras['updatedCenters'] = movedCenters(embeddings, labels, centers, numberOf(params['alpha']));
  return [...checks, ...(await extraChecks(example, extras))];
};
