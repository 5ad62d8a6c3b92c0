import * as tf from '@tensorflow/tfjs-core';
import { arcFaceLoss } from '#learn/losses/classification/arcface.ts';
import { centerLoss, movedCenters } from '#learn/losses/classification/center.ts';
import { unitRows } from '#learn/losses/centers.ts';
import { cosFaceLoss } from '#learn/losses/classification/cosface.ts';
import { proxyAnchorLoss } from '#learn/losses/centers/proxy-anchor.ts';
import { proxyNcaLoss } from '#learn/losses/centers/proxy-nca.ts';
import { subCenterArcFaceLoss } from '#learn/losses/classification/sub-center-arcface.ts';
import { tripletCenterLoss } from '#learn/losses/centers/triplet-center.ts';
import { openParityBackend } from '../backend.ts';
import { type Adapter, chosen, flagOf, numberOf } from '../case.ts';
import { embeddingsOf, extraChecks, integersOf, lossChecks, matrixOf } from './loss-checks.ts';

/** Unit rows where a case asks for them, at the length that it gives. */
const rowsOf = (rows: tf.Tensor2D, normalize: boolean, length: unknown): tf.Tensor2D =>
  tf.mul(normalize ? unitRows(rows) : rows, length === undefined ? 1 : numberOf(length));

export const compareProxyNca: Adapter = async (example) => {
  await openParityBackend();
  const { params } = example;
  const labels = integersOf(example, 'labels');
  const settings = {
    scale: params['scale'] === undefined ? 1 : numberOf(params['scale']),
    includePositive: chosen(params, 'variant', {
      'negatives-only': false,
      'all-proxies': true,
      smoothed: true,
    }),
    smoothing: params['smoothing'] === undefined ? 0 : numberOf(params['smoothing']),
  };
  return lossChecks(example, ['embeddings', 'proxies'], (raw, given) => {
    const embeddings = rowsOf(raw, flagOf(params, 'normalizeEmbeddings', true), params['scaleEmbeddings']);
    const proxies = rowsOf(given, flagOf(params, 'normalizeProxies', true), params['scaleProxies']);
    return tf.mean(proxyNcaLoss(embeddings, labels, proxies, settings));
  });
};

export const compareProxyAnchor: Adapter = async (example) => {
  await openParityBackend();
  const settings = { alpha: numberOf(example.params['alpha']), margin: numberOf(example.params['margin']) };
  const labels = integersOf(example, 'labels');
  return lossChecks(example, ['embeddings', 'proxies'], (raw, proxies) =>
    proxyAnchorLoss(embeddingsOf(example, raw, true), labels, proxies, settings),
  );
};

export const compareMarginSoftmax: Adapter = async (example) => {
  const { kernels } = await openParityBackend();
  const { params } = example;
  const labels = integersOf(example, 'labels');
  const scale = numberOf(params['scale']);
  type Loss = (embeddings: tf.Tensor2D, weights: tf.Tensor2D) => tf.Tensor1D;
  const cosFace: Loss = (embeddings, weights) =>
    cosFaceLoss(embeddings, labels, weights, { scale, margin: numberOf(params['margin']) }, kernels);
  const arcFace: Loss = (embeddings, weights) => {
    const settings = { scale, marginDegrees: numberOf(params['marginDegrees']) };
    return arcFaceLoss(embeddings, labels, weights, settings, kernels);
  };
  const subCenters: Loss = (embeddings, weights) => {
    const centersPerClass = numberOf(params['subCenters']);
    const settings = { scale, marginDegrees: numberOf(params['marginDegrees']), centersPerClass };
    return subCenterArcFaceLoss(embeddings, labels, weights, settings, kernels);
  };
  const loss = chosen(params, 'loss', {
    cosface: cosFace,
    arcface: arcFace,
    'subcenter-arcface': subCenters,
  });
  return lossChecks(example, ['embeddings', 'weights'], (raw, weights) =>
    tf.mean(loss(embeddingsOf(example, raw, true), weights)),
  );
};

/** Centre loss with its update rule, and triplet-centre loss; the case's loss is the sum over samples. */
export const compareCenters: Adapter = async (example) => {
  await openParityBackend();
  const { params } = example;
  const labels = integersOf(example, 'labels');
  const perSample = (raw: tf.Tensor2D, centers: tf.Tensor2D): tf.Tensor1D => {
    const embeddings = embeddingsOf(example, raw, false);
    return chosen(params, 'loss', { center: true, 'triplet-center': false })
      ? centerLoss(embeddings, labels, centers)
      : tripletCenterLoss(embeddings, labels, centers, { margin: numberOf(params['margin']) });
  };
  const reduce = chosen(params, 'reduction', { mean: tf.mean, sum: tf.sum }, 'sum');
  const checks = await lossChecks(example, ['embeddings', 'centers'], (raw, centers) =>
    reduce<tf.Scalar>(perSample(raw, centers)),
  );
  const [embeddings, centers] = [matrixOf(example, 'embeddings'), matrixOf(example, 'centers')];
  const extras: Record<string, tf.Tensor> = { lossMean: tf.mean(perSample(embeddings, centers)) };
  if (params['alpha'] !== undefined)
    extras['updatedCenters'] = movedCenters(
      embeddingsOf(example, embeddings, false),
      labels,
      centers,
      numberOf(params['alpha']),
    );
  return [...checks, ...(await extraChecks(example, extras))];
};
