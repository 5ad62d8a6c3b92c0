import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Kernels } from '../../backend/kernels.ts';
import { centersOf } from './center-diagnostics.ts';
import { unitColumns } from '../centers.ts';
import { classLogits } from './class-logits.ts';
import { defineMethod } from '../method.ts';
import { meanOfSamples } from '../parts/reducers.ts';
import { softMaximum } from './soft-maximum.ts';
import {
  centerTemperature,
  centersPerClass,
  checkCentersPerClass,
  fitCentersPerClass,
  margin,
  regularizerWeight,
  scale,
} from './soft-triple-schema.ts';

const schema = z.strictObject({ centersPerClass, scale, centerTemperature, regularizerWeight, margin });
export type SoftTripleSettings = z.infer<typeof schema>;

/**
 * SoftTriple loss: soft maximum over each class's centres, then normalised softmax over classes.
 * Qian et al., "SoftTriple Loss: Deep Metric Learning Without Triplet Sampling", ICCV 2019, equations 5 to 9.
 *
 *   paper   parameter           default
 *   lambda  scale               20
 *   gamma   centerTemperature   0.1
 *   tau     regularizerWeight   0.2
 *   delta   margin              0.01
 *   K       centersPerClass     10
 *
 * @param embeddings [batch, dim], rows of unit length
 * @param labels     int32 [batch], 0 <= label < classes
 * @param centers    [dim, classes * K], column = class * K + k, any length
 * @returns per-sample losses [batch], each with the regulariser; their mean is the paper's loss
 */
export function softTripleLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  centers: tf.Tensor2D,
  settings: SoftTripleSettings,
  kernels: Pick<Kernels, 'softmaxCrossEntropy'>,
): tf.Tensor1D {
  const unit = unitColumns(centers);
  const similarity = softClassSimilarity(embeddings, unit, settings);
  const losses = kernels.softmaxCrossEntropy(classLogits(similarity, labels, settings), labels);
  if (settings.centersPerClass === 1 || settings.regularizerWeight === 0) return losses;
  return tf.add(
    losses,
    tf.mul(centerRegularizer(unit, settings.centersPerClass), settings.regularizerWeight),
  );
}

/** S_c: similarity to each class's centres, weighted by their softmax. [batch, classes] */
export function softClassSimilarity(
  embeddings: tf.Tensor2D,
  unitCenters: tf.Tensor2D,
  { centersPerClass, centerTemperature }: SoftTripleSettings,
): tf.Tensor2D {
  const all = tf.matMul<tf.Tensor2D>(embeddings, unitCenters); // [batch, classes * K]
  if (centersPerClass === 1) return all;
  const each = tf.reshape<tf.Rank.R3>(all, [all.shape[0], -1, centersPerClass]);
  return softMaximum(each, centerTemperature);
}

/**
 * Mean distance of the centres of one class: sum over classes and pairs of sqrt(2 + 1e-5 - 2 w_t.w_s) / (C K (K-1)).
 * Worked out class by class ([classes, K, K]), never as the matrix of all centres.
 *
 * @param unitCenters [dim, classes * K], columns of unit length
 */
export function centerRegularizer(unitCenters: tf.Tensor2D, centersPerClass: number): tf.Scalar {
  const [dim, columns] = unitCenters.shape;
  const classes = columns / centersPerClass;
  const byClass = tf.transpose(tf.reshape(unitCenters, [dim, classes, centersPerClass]), [1, 2, 0]); // [C, K, dim]
  const products = tf.matMul(byClass, byClass, false, true); // [C, K, K]
  const pairs = upperTriangle(centersPerClass); // [K, K]
  // The diagonal is moved to 1 before the root: its own slope there would be huge and is then multiplied by 0.
  const squares = tf.add(tf.mul(tf.sub(2 + 1e-5, tf.mul(products, 2)), pairs), tf.sub(1, pairs));
  const distances = tf.mul(tf.sqrt(squares), pairs);
  return tf.div(tf.sum(distances), columns * (centersPerClass - 1));
}

function upperTriangle(size: number): tf.Tensor2D {
  const values = Float32Array.from({ length: size * size }, (_, i) =>
    i % size > Math.floor(i / size) ? 1 : 0,
  );
  return tf.tensor2d(values, [size, size]);
}

export const softTriple = defineMethod({
  id: 'soft-triple',
  title: 'SoftTriple',
  summary:
    'Several centres a class, a soft choice among them, and a softmax over classes. No triplets to sample.',
  source: 'Qian et al., SoftTriple Loss: Deep Metric Learning Without Triplet Sampling, ICCV 2019',
  family: 'centers',
  formula:
    'S_c = Σ_k softmax_k(x·w_c^k / γ) x·w_c^k;  L = mean −log softmax_y(λ (S − δ onehot(y))) + τ Σ_c Σ_{t<s} √(2 + 1e-5 − 2 w_c^t·w_c^s) / (C K (K − 1))',
  schema,
  symbols: {
    la: 'scale',
    lambda: 'scale',
    gamma: 'centerTemperature',
    tau: 'regularizerWeight',
    delta: 'margin',
    K: 'centersPerClass',
  },
  fit: (settings, facts) => fitCentersPerClass(settings.centersPerClass, facts),
  check: (settings, facts) => checkCentersPerClass(settings.centersPerClass, facts),
  build: (settings, context) => ({
    ...centersOf('centers', settings.centersPerClass, context),
    loss: ({ embeddings, labels, trained }) => {
      const centers = trained[0] as tf.Tensor2D;
      return meanOfSamples(softTripleLoss(embeddings, labels, centers, settings, context.kernels));
    },
  }),
});
