import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { oneHotRows } from '../../backend/one-hot.ts';
import { accuracyOf, classifierLogits, classifierParameters } from './linear-classifier.ts';
import { defineMethod } from '../method.ts';
import { constant } from '../parts/constant.ts';

const schema = z.strictObject({
  weight: z.number().min(0).max(1000).default(0.003).meta({
    title: 'Weight of the centre term (λ)',
    description: 'How hard samples are drawn to the centre of their class, beside telling classes apart.',
  }),
  centerRate: z.number().gt(0).max(1).default(0.5).meta({
    title: 'Centre rate (α)',
    description: 'Share of the way to its samples’ mean that a centre moves in a step.',
  }),
});
export type CenterSettings = z.infer<typeof schema>;

/**
 * Centre loss: half the squared distance of every sample to the centre of its class.
 * Wen et al., "A Discriminative Feature Learning Approach for Deep Face Recognition", ECCV 2016, equation 2.
 *
 *   paper    parameter    default
 *   lambda   weight       0.003 (beside softmax cross entropy)
 *   alpha    centerRate   0.5
 *
 * @param embeddings [batch, dim], of any length
 * @param labels     int32 [batch], 0 <= label < classes
 * @param centers    [classes, dim]
 * @returns per-sample losses [batch]; the paper's loss is their sum
 */
export function centerLoss(embeddings: tf.Tensor2D, labels: tf.Tensor1D, centers: tf.Tensor2D): tf.Tensor1D {
  const own = tf.matMul<tf.Tensor2D>(oneHotRows(labels, centers.shape[0]), centers);
  return tf.mul(tf.sum<tf.Tensor1D>(tf.square(tf.sub(embeddings, own)), 1), 0.5);
}

/** The centres after a step, equation 4: c_j - alpha * sum over its samples of (c_j - x) / (1 + their number). */
export function movedCenters(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  centers: tf.Tensor2D,
  rate: number,
): tf.Tensor2D {
  const own = oneHotRows(labels, centers.shape[0]);
  const count = tf.expandDims(tf.sum(own, 0), 1); // [classes, 1]
  const pull = tf.sub(tf.mul(centers, count), tf.matMul(own, embeddings, true));
  return tf.sub(centers, tf.mul(tf.div(pull, tf.add(count, 1)), rate));
}

export const center = defineMethod({
  id: 'center',
  title: 'Centre loss',
  summary: 'A classifier tells the classes apart while a centre of each class draws its samples together.',
  source:
    'Wen et al., A Discriminative Feature Learning Approach for Deep Face Recognition, ECCV 2016, equation 5',
  family: 'classification',
  formula:
    'L = mean −log softmax_y(W x + b) + λ mean ½ |x − c_y|²;  c_j ← c_j − α Σ_{y=j} (c_j − x) / (1 + n_j)',
  schema,
  symbols: { lambda: 'weight', alpha: 'centerRate' },
  // Not in the paper, which trains long: a classifier that starts anywhere would drag a trained network after it.
  // Libraries of transfer learning also train the new layers alone first.
  defaults: { freezeBackboneSteps: 33 },
  build: (settings, { classes, dim, kernels, random }) => ({
    parameters: [
      ...classifierParameters(dim, classes, random),
      { name: 'centers', shape: [classes, dim], initial: new Float32Array(classes * dim), rate: 'none' },
    ],
    figures: ['crossEntropy', 'centerTerm', 'trainingAccuracy'],
    loss: ({ raw, labels, trained }) => {
      const [kernel, bias, centers] = trained as [tf.Tensor2D, tf.Tensor1D, tf.Tensor2D];
      const logits = classifierLogits(raw, kernel, bias);
      const crossEntropy = kernels.softmaxCrossEntropy(logits, labels);
      const apart = centerLoss(raw, labels, constant(centers));
      const perSample = tf.add<tf.Tensor1D>(crossEntropy, tf.mul(apart, settings.weight));
      const figures = [tf.mean<tf.Scalar>(crossEntropy), tf.mean<tf.Scalar>(apart)];
      return {
        value: tf.mean<tf.Scalar>(perSample),
        perSample,
        figures: [...figures, accuracyOf(constant(logits), labels)],
      };
    },
    move: ({ raw, labels, trained }) => [
      movedCenters(raw, labels, trained[2] as tf.Tensor2D, settings.centerRate),
    ],
    classify: ({ raw }, trained) => classifierLogits(raw, trained[0] as tf.Tensor, trained[1] as tf.Tensor),
  }),
});
