import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { type MethodLoss, defineMethod } from '../method.ts';
import { untaped } from '../parts/constant.ts';
import { distancesOf } from '../parts/distances.ts';
import { pairMasks } from '../parts/pairs.ts';
import { activeShare, meanOfRows, reducers } from '../parts/reducers.ts';
import { withLengthPenalty } from '../parts/regularizers.ts';
import { distance, reduction } from '../parts/settings.ts';
import { TRIPLET_MININGS, ofNegative, ofPositive, selectTriplets } from '../parts/triplets.ts';

const schema = z.strictObject({
  margin: z.number().min(0).max(100).default(0.2).meta({
    title: 'Margin (α)',
    description: 'How much nearer than the negative the positive must be.',
  }),
  mining: z.enum(TRIPLET_MININGS).default('semi-hard-or-largest').meta({
    title: 'Mining',
    description: 'Which triplets of a batch count. A batch of more than 256 images takes gigabytes.',
  }),
  distance: distance.default('squared'),
  reduction: reduction.default('all'),
  soft: z.boolean().default(false).meta({
    title: 'Soft margin',
    description: 'A smooth hinge, log(1 + exp x), that never lets go of a triplet.',
  }),
  swap: z.boolean().default(false).meta({
    title: 'Swap anchor and positive',
    description: 'Takes the distance of the positive to the negative where it is the smaller one.',
  }),
});

/**
 * Triplet loss over triplets mined in the batch: mean of [d(a,p) - d(a,n) + margin]_+.
 * Schroff et al., "FaceNet", CVPR 2015, equation 3; the soft margin is Hermans et al., 2017, the swap Balntas et al.,
 * BMVC 2016.
 *
 *   paper   parameter   default
 *   alpha   margin      0.2
 *
 * @param embeddings [batch, dim], rows of unit length in the paper
 * @param labels     int32 [batch]
 */
export function tripletLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  settings: z.infer<typeof schema>,
): MethodLoss {
  const d = distancesOf(settings.distance, embeddings);
  const mask = selectTriplets(settings.mining, d, pairMasks(labels), settings.margin);
  // min(d(a,n), d(p,n)), written so that its gradient knows of broadcasting.
  const toNegative = settings.swap
    ? tf.sub(ofNegative(d), tf.relu(tf.sub(ofNegative(d), tf.expandDims(d, 0))))
    : ofNegative(d);
  const violations = tf.add<tf.Tensor3D>(tf.sub(ofPositive(d), toNegative), settings.margin);
  const terms = { values: settings.soft ? tf.softplus(violations) : tf.relu(violations), mask };
  return {
    value: reducers[settings.reduction](terms),
    perSample: meanOfRows(terms),
    figures: [activeShare({ values: violations, mask }), untaped(() => tf.sum(mask))],
  };
}

export const triplet = withLengthPenalty(
  defineMethod({
    id: 'triplet',
    title: 'Triplet',
    summary: 'An image must be nearer to one of its class than to one of another class, by a margin.',
    source: 'Schroff, Kalenichenko and Philbin, FaceNet, CVPR 2015; Hermans, Beyer and Leibe, 2017',
    family: 'triplets',
    formula: 'L = mean [d(a,p) − d(a,n) + α]₊',
    defaults: { sampler: 'per-class', imagesPerClass: 4 },
    schema,
    symbols: { alpha: 'margin' },
    build: (settings) => ({
      parameters: [],
      figures: ['activeShare', 'triplets'],
      loss: ({ embeddings, labels }) => tripletLoss(embeddings, labels, settings),
    }),
  }),
);
