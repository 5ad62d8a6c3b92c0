import type * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Kernels } from '../../backend/kernels.ts';
import { centersOf } from '../centers/center-diagnostics.ts';
import { addAngle, classCosines, marginCrossEntropy, marginDegrees, marginScale } from './margin-softmax.ts';
import { defineMethod } from '../method.ts';
import { meanOfSamples } from '../parts/reducers.ts';

const schema = z.strictObject({ scale: marginScale, marginDegrees });
export type ArcFaceSettings = z.infer<typeof schema>;

/**
 * ArcFace: normalised softmax whose own angle is made larger by a margin.
 * Deng et al., "ArcFace: Additive Angular Margin Loss for Deep Face Recognition", CVPR 2019, equation 3.
 *
 *   paper   parameter       default
 *   s       scale           64
 *   m       marginDegrees   28.6 (0.5 radians)
 *
 * @param embeddings [batch, dim], rows of unit length
 * @param labels     int32 [batch], 0 <= label < classes
 * @param weights    [dim, classes], any length
 * @returns per-sample losses [batch]
 */
export const arcFaceLoss = (
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  weights: tf.Tensor2D,
  { scale, marginDegrees }: ArcFaceSettings,
  kernels: Pick<Kernels, 'softmaxCrossEntropy'>,
): tf.Tensor1D =>
  marginCrossEntropy(classCosines(embeddings, weights), labels, scale, addAngle(marginDegrees), kernels);

export const arcFace = defineMethod({
  id: 'arcface',
  title: 'ArcFace',
  summary: 'Softmax over directions of classes, with a margin on the angle to the own one.',
  source:
    'Deng et al., ArcFace: Additive Angular Margin Loss for Deep Face Recognition, CVPR 2019, equation 3',
  family: 'classification',
  formula: 'L = mean −log softmax_y(s cos(θ_c + m [c = y]))',
  schema,
  symbols: { s: 'scale', m: 'marginDegrees' },
  build: (settings, context) => ({
    ...centersOf('weights', 1, context),
    loss: ({ embeddings, labels, trained }) => {
      const weights = trained[0] as tf.Tensor2D;
      return meanOfSamples(arcFaceLoss(embeddings, labels, weights, settings, context.kernels));
    },
  }),
});
