import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { globalLossOfBatch, globalSettings } from './global.ts';
import { type MethodLoss, defineMethod } from '../method.ts';
import { squaredDistances } from '../parts/distances.ts';
import { pairMasks } from '../parts/pairs.ts';
import { activeShare, meanOf, meanOfRows } from '../parts/reducers.ts';
import { TRIPLET_MININGS, ofNegative, ofPositive, selectTriplets } from '../parts/triplets.ts';

const schema = z.strictObject({
  margin: z.number().min(0).max(4).default(0.2).meta({
    title: 'Margin',
    description: 'How much nearer than the negative the positive must be, in squared distance.',
  }),
  mining: z.enum(TRIPLET_MININGS).default('all').meta({
    title: 'Mining',
    description: 'Which triplets of a batch the triplet loss counts; the global loss takes all.',
  }),
  globalWeight: z.number().min(0).max(1000).default(1).meta({
    title: 'Weight of the global loss',
    description: 'How much the global loss counts beside the triplets.',
  }),
  ...globalSettings,
});

/**
 * Triplet loss on squared distances plus the global loss, over the triplets of the batch, all of them by default: mean of
 * [D(a,p) - D(a,n) + margin]_+ plus globalWeight times the global loss. Kumar et al., CVPR 2016, equation 6; trained by
 * Harwood et al., "Smart Mining", ICCV 2017.
 *
 * @param embeddings [batch, dim], rows of unit length
 * @param labels     int32 [batch]
 */
export function tripletGlobalLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  settings: z.infer<typeof schema>,
): MethodLoss {
  const squares = squaredDistances(embeddings);
  const masks = pairMasks(labels);
  const hinges = tf.relu(tf.add(tf.sub(ofPositive(squares), ofNegative(squares)), settings.margin));
  const terms = { values: hinges, mask: selectTriplets(settings.mining, squares, masks, settings.margin) };
  const { value, figures = [] } = globalLossOfBatch(squares, masks, settings);
  return {
    value: tf.add(meanOf(terms), tf.mul(value, settings.globalWeight)),
    perSample: meanOfRows(terms),
    figures: [activeShare(terms), ...figures],
  };
}

export const tripletGlobal = defineMethod({
  id: 'triplet-global',
  title: 'Triplet + global',
  summary: 'The triplet loss held together by the global loss: what smart mining trains.',
  source:
    'Kumar, Carneiro and Reid, CVPR 2016; Harwood et al., Smart Mining for Deep Metric Learning, ICCV 2017',
  family: 'triplets',
  formula: 'L = mean [D(a,p) − D(a,n) + m]₊ + w (var(d⁺) + var(d⁻) + λ [mean(d⁺) − mean(d⁻) + t]₊)',
  defaults: { sampler: 'per-class', imagesPerClass: 4 },
  schema,
  symbols: { m: 'margin', w: 'globalWeight', t: 'gap' },
  build: (settings) => ({
    parameters: [],
    figures: ['activeShare', 'positiveVariance', 'negativeVariance'],
    loss: ({ embeddings, labels }) => tripletGlobalLoss(embeddings, labels, settings),
  }),
});
