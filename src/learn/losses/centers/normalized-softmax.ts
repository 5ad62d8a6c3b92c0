import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Kernels } from '../../backend/kernels.ts';
import { centersOf } from './center-diagnostics.ts';
import { unitColumns } from '../centers.ts';
import { defineMethod } from '../method.ts';
import { meanOfSamples } from '../parts/reducers.ts';
import { scale } from './soft-triple-schema.ts';

const schema = z.strictObject({ scale });

/**
 * Normalised softmax (SoftMax_norm): one centre a class, no margin.
 * Qian et al., "SoftTriple Loss", ICCV 2019, equation 2; Zhai and Wu, BMVC 2019.
 *
 *   paper    parameter   default
 *   lambda   scale       20
 *
 * @param embeddings [batch, dim], rows of unit length
 * @param labels     int32 [batch], 0 <= label < classes
 * @param centers    [dim, classes], any length
 * @returns per-sample losses [batch]
 */
export function normalizedSoftmaxLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  centers: tf.Tensor2D,
  settings: z.infer<typeof schema>,
  kernels: Pick<Kernels, 'softmaxCrossEntropy'>,
): tf.Tensor1D {
  const similarity = tf.matMul(embeddings, unitColumns(centers));
  return kernels.softmaxCrossEntropy(tf.mul(similarity, settings.scale), labels);
}

export const normalizedSoftmax = defineMethod({
  id: 'normalized-softmax',
  title: 'Normalised softmax',
  summary: 'One centre a class: classification by direction. The plain baseline of the SoftTriple paper.',
  source: 'Qian et al., SoftTriple Loss, ICCV 2019, equation 2 (SoftMax_norm); Zhai and Wu, BMVC 2019',
  family: 'centers',
  formula: 'L = mean −log softmax_y(λ x·w_c)',
  schema,
  symbols: { la: 'scale', lambda: 'scale' },
  build: (settings, context) => ({
    ...centersOf('centers', 1, context),
    loss: ({ embeddings, labels, trained }) => {
      const centers = trained[0] as tf.Tensor2D;
      return meanOfSamples(normalizedSoftmaxLoss(embeddings, labels, centers, settings, context.kernels));
    },
  }),
});
