import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Kernels } from '../../backend/kernels.ts';
import { centersOf } from '../centers/center-diagnostics.ts';
import { addAngle, classCosines, marginCrossEntropy, marginDegrees, marginScale } from './margin-softmax.ts';
import { defineMethod } from '../method.ts';
import { meanOfSamples } from '../parts/reducers.ts';
import { centersPerClass, checkCentersPerClass, fitCentersPerClass } from '../centers/soft-triple-schema.ts';

const schema = z.strictObject({
  scale: marginScale,
  marginDegrees,
  centersPerClass: centersPerClass.default(3),
});
export type SubCenterArcFaceSettings = z.infer<typeof schema>;

/**
 * Sub-centre ArcFace: ArcFace to the nearest of several centres of each class.
 * Deng et al., "Sub-center ArcFace: Boosting Face Recognition by Large-scale Noisy Web Faces", ECCV 2020, equation 4.
 *
 *   paper   parameter         default
 *   s       scale             64
 *   m       marginDegrees     28.6 (0.5 radians)
 *   K       centersPerClass   3
 *
 * @param embeddings [batch, dim], rows of unit length
 * @param labels     int32 [batch], 0 <= label < classes
 * @param weights    [dim, classes * K], column = class * K + k, any length
 * @returns per-sample losses [batch]
 */
export function subCenterArcFaceLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  weights: tf.Tensor2D,
  { scale, marginDegrees, centersPerClass }: SubCenterArcFaceSettings,
  kernels: Pick<Kernels, 'softmaxCrossEntropy'>,
): tf.Tensor1D {
  const all = classCosines(embeddings, weights);
  const nearest = tf.max<tf.Tensor2D>(tf.reshape(all, [all.shape[0], -1, centersPerClass]), 2);
  return marginCrossEntropy(nearest, labels, scale, addAngle(marginDegrees), kernels);
}

export const subCenterArcFace = defineMethod({
  id: 'sub-center-arcface',
  title: 'Sub-centre ArcFace',
  summary: 'ArcFace with several centres a class, of which the nearest counts: bears mislabelled images.',
  source:
    'Deng et al., Sub-center ArcFace: Boosting Face Recognition by Large-scale Noisy Web Faces, ECCV 2020, equation 4',
  family: 'classification',
  formula: 'cos θ_c = max_k x·w_c^k;  L = mean −log softmax_y(s cos(θ_c + m [c = y]))',
  schema,
  symbols: { s: 'scale', m: 'marginDegrees', K: 'centersPerClass' },
  fit: (settings, facts) => fitCentersPerClass(settings.centersPerClass, facts),
  check: (settings, facts) => checkCentersPerClass(settings.centersPerClass, facts),
  build: (settings, context) => ({
    ...centersOf('weights', settings.centersPerClass, context),
    loss: ({ embeddings, labels, trained }) => {
      const weights = trained[0] as tf.Tensor2D;
      return meanOfSamples(subCenterArcFaceLoss(embeddings, labels, weights, settings, context.kernels));
    },
  }),
});
