import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Kernels } from '../../backend/kernels.ts';
import { centersOf } from './center-diagnostics.ts';
import { unitColumns } from '../centers.ts';
import { classLogits } from './class-logits.ts';
import { defineMethod } from '../method.ts';
import { meanOfSamples } from '../parts/reducers.ts';
import {
  centersPerClass,
  checkCentersPerClass,
  fitCentersPerClass,
  margin,
  scale,
} from './soft-triple-schema.ts';

const schema = z.strictObject({ centersPerClass, scale, margin });
export type HardTripleSettings = z.infer<typeof schema>;

/**
 * HardTriple loss: the nearest centre of each class, then normalised softmax over classes.
 * Qian et al., "SoftTriple Loss", ICCV 2019, equation 4.
 *
 *   paper   parameter         default
 *   lambda  scale             20
 *   delta   margin            0.01
 *   K       centersPerClass   10
 *
 * @param embeddings [batch, dim], rows of unit length
 * @param labels     int32 [batch], 0 <= label < classes
 * @param centers    [dim, classes * K], column = class * K + k, any length
 * @returns per-sample losses [batch]
 */
export function hardTripleLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  centers: tf.Tensor2D,
  settings: HardTripleSettings,
  kernels: Pick<Kernels, 'softmaxCrossEntropy'>,
): tf.Tensor1D {
  const nearest = hardClassSimilarity(embeddings, centers, settings);
  return kernels.softmaxCrossEntropy(classLogits(nearest, labels, settings), labels);
}

/** S_c: similarity to the nearest centre of each class. [batch, classes] */
export function hardClassSimilarity(
  embeddings: tf.Tensor2D,
  centers: tf.Tensor2D,
  { centersPerClass }: Pick<HardTripleSettings, 'centersPerClass'>,
): tf.Tensor2D {
  const all = tf.matMul(embeddings, unitColumns(centers)); // [batch, classes * K]
  return tf.max(tf.reshape(all, [all.shape[0], -1, centersPerClass]), 2);
}

export const hardTriple = defineMethod({
  id: 'hard-triple',
  title: 'HardTriple',
  summary: 'SoftTriple with the nearest centre of each class instead of a soft choice.',
  source:
    'Qian et al., SoftTriple Loss: Deep Metric Learning Without Triplet Sampling, ICCV 2019, equation 4',
  family: 'centers',
  formula: 'S_c = max_k x·w_c^k;  L = mean −log softmax_y(λ (S − δ onehot(y)))',
  schema,
  symbols: { la: 'scale', lambda: 'scale', delta: 'margin', K: 'centersPerClass' },
  fit: (settings, facts) => fitCentersPerClass(settings.centersPerClass, facts),
  check: (settings, facts) => checkCentersPerClass(settings.centersPerClass, facts),
  build: (settings, context) => ({
    ...centersOf('centers', settings.centersPerClass, context),
    loss: ({ embeddings, labels, trained }) => {
      const centers = trained[0] as tf.Tensor2D;
      return meanOfSamples(hardTripleLoss(embeddings, labels, centers, settings, context.kernels));
    },
  }),
});
