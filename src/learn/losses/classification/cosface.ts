import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Kernels } from '../../backend/kernels.ts';
import { centersOf } from '../centers/center-diagnostics.ts';
import { classCosines, marginCrossEntropy, marginScale } from './margin-softmax.ts';
import { defineMethod } from '../method.ts';
import { meanOfSamples } from '../parts/reducers.ts';

const schema = z.strictObject({
  scale: marginScale,
  margin: z.number().min(0).max(2).default(0.35).meta({
    title: 'Margin (m)',
    description: 'How much nearer the own class must be than every other, in cosine.',
  }),
});
export type CosFaceSettings = z.infer<typeof schema>;

/**
 * CosFace: normalised softmax whose own cosine is made smaller by a margin.
 * Wang et al., "CosFace: Large Margin Cosine Loss for Deep Face Recognition", CVPR 2018, equation 4.
 *
 *   paper   parameter   default
 *   s       scale       64
 *   m       margin      0.35
 *
 * @param embeddings [batch, dim], rows of unit length
 * @param labels     int32 [batch], 0 <= label < classes
 * @param weights    [dim, classes], any length
 * @returns per-sample losses [batch]
 */
export const cosFaceLoss = (
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  weights: tf.Tensor2D,
  { scale, margin }: CosFaceSettings,
  kernels: Pick<Kernels, 'softmaxCrossEntropy'>,
): tf.Tensor1D =>
  marginCrossEntropy(
    classCosines(embeddings, weights),
    labels,
    scale,
    (cosine) => tf.sub(cosine, margin),
    kernels,
  );

export const cosFace = defineMethod({
  id: 'cosface',
  title: 'CosFace',
  summary: 'Softmax over directions of classes, with a margin on the cosine to the own one.',
  source: 'Wang et al., CosFace: Large Margin Cosine Loss for Deep Face Recognition, CVPR 2018, equation 4',
  family: 'classification',
  formula: 'L = mean −log softmax_y(s (cos θ_c − m [c = y]))',
  schema,
  symbols: { s: 'scale', m: 'margin' },
  build: (settings, context) => ({
    ...centersOf('weights', 1, context),
    loss: ({ embeddings, labels, trained }) => {
      const weights = trained[0] as tf.Tensor2D;
      return meanOfSamples(cosFaceLoss(embeddings, labels, weights, settings, context.kernels));
    },
  }),
});
