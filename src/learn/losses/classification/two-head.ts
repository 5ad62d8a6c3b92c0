import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import type { Kernels } from '../../backend/kernels.ts';
import { largestIn, smallestIn } from '../../miners/batch/select-one.ts';
import { mineSemiHardOrLargest } from '../../miners/batch/semi-hard-or-largest.ts';
import { accuracyOf, classifierLogits, classifierParameters } from './linear-classifier.ts';
import { defineMethod } from '../method.ts';
import { above, constant } from '../parts/constant.ts';
import { squaredDistances } from '../parts/distances.ts';
import { pairMasks } from '../parts/pairs.ts';
import { meanOf } from '../parts/reducers.ts';
import { ofNegative, ofPositive } from '../parts/triplets.ts';

const lossSchema = z.strictObject({
  weight: z.number().min(0).max(1000).default(1).meta({
    title: 'Weight of the ranking (λ)',
    description: 'How much the triplets of the embedding count beside the classifier.',
  }),
  margin: z.number().min(0).max(4).default(0.2).meta({
    title: 'Margin',
    description: 'How much farther a negative must be than a positive, in squared distance.',
  }),
  mining: z.enum(['semi-hard', 'hard']).default('semi-hard').meta({
    title: 'Triplets',
    description:
      'Every positive with the nearest negative beyond it, or each anchor’s furthest positive and nearest negative.',
  }),
});
const schema = lossSchema.extend({
  featureDivisor: z.number().min(1).max(1000).default(32).meta({
    title: 'Features divided by',
    description:
      'What the classifier’s features are divided by. Features of some networks are long, and a step of Adam then moves every logit by more than 1. The paper, with plain gradient descent, has 1.',
  }),
});
export type TwoHeadSettings = z.infer<typeof lossSchema>;

/** The loss, its two parts and what each triplet term adds. */
export interface TwoHeadLoss {
  readonly value: tf.Scalar;
  readonly crossEntropy: tf.Scalar;
  readonly triplet: tf.Scalar;
  /** Share of the triplets that still teach something. */
  readonly activeShare: tf.Scalar;
}

/**
 * Two heads, the "ranking regulariser": a classifier on the pooled features, triplets on the embedding.
 * Taha et al., "Boosting Standard Classification Architectures Through a Ranking Regularizer", WACV 2020, equation 4.
 *
 *   paper    parameter   default
 *   lambda   weight      1
 *   m        margin      0.2
 *
 * The method's classifier reads the features divided by `featureDivisor`, which is the same family of functions. It is not
 * in the paper: MobileNet's pooled features are so long (80 and more) that one step of Adam at 0.001 moved every logit by
 * more than 1, the cross entropy rose over that of no guess at all, and its gradient pressed the network into one point.
 *
 * With `hard`, an anchor without a positive counts as at distance 0 from one, as in the published code.
 *
 * @param logits     [batch, classes]
 * @param embeddings [batch, dim], rows of unit length
 * @param labels     int32 [batch], 0 <= label < classes
 */
export function twoHeadLoss(
  logits: tf.Tensor2D,
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  settings: TwoHeadSettings,
  kernels: Pick<Kernels, 'softmaxCrossEntropy'>,
): TwoHeadLoss {
  const { values, mask } =
    settings.mining === 'hard' ? hardest(embeddings, labels) : semiHard(embeddings, labels);
  const hinged = tf.relu(tf.add(values, settings.margin));
  const triplet = meanOf({ values: hinged, mask });
  const crossEntropy = tf.mean<tf.Scalar>(kernels.softmaxCrossEntropy(logits, labels));
  return {
    value: tf.add(crossEntropy, tf.mul(triplet, settings.weight)),
    crossEntropy,
    triplet,
    activeShare: meanOf({ values: above(hinged, 0), mask }),
  };
}

interface Gaps {
  /** D(a,p) - D(a,n) */
  readonly values: tf.Tensor;
  readonly mask: tf.Tensor;
}

function semiHard(embeddings: tf.Tensor2D, labels: tf.Tensor1D): Gaps {
  const distances = squaredDistances(embeddings);
  const mask = mineSemiHardOrLargest(distances, pairMasks(labels));
  return { values: tf.sub(ofPositive(distances), ofNegative(distances)), mask };
}

function hardest(embeddings: tf.Tensor2D, labels: tf.Tensor1D): Gaps {
  const distances = squaredDistances(embeddings);
  const { positive, negative } = pairMasks(labels);
  const furthest = largestIn(constant(distances), positive);
  const nearest = smallestIn(constant(distances), negative);
  const values = tf.sum(tf.mul(distances, tf.sub(furthest, nearest)), 1);
  return { values, mask: tf.sum(nearest, 1) };
}

export const twoHead = defineMethod({
  id: 'two-head',
  title: 'Two heads (ranking regulariser)',
  summary:
    'A softmax classifier and an embedding by triplets share one network. Best where classes are uneven.',
  source:
    'Taha et al., Boosting Standard Classification Architectures Through a Ranking Regularizer, WACV 2020, equation 4',
  family: 'classification',
  formula: 'L = mean −log softmax_y(W f + b) + λ mean [ D(a,p) − D(a,n) + m ]₊,  D squared distance',
  schema,
  symbols: { lambda: 'weight', m: 'margin' },
  defaults: { sampler: 'per-class', imagesPerClass: 4 },
  build: (settings, { classes, featureDim, kernels, random }) => ({
    parameters: classifierParameters(featureDim, classes, random),
    figures: ['crossEntropy', 'triplet', 'activeShare', 'trainingAccuracy'],
    loss: ({ features, embeddings, labels, trained }) => {
      const logits = logitsOf(features, trained, settings);
      const { value, ...parts } = twoHeadLoss(logits, embeddings, labels, settings, kernels);
      const figures = [parts.crossEntropy, parts.triplet, parts.activeShare];
      return { value, figures: [...figures, accuracyOf(constant(logits), labels)] };
    },
    classify: ({ features }, trained) => logitsOf(features, trained, settings),
  }),
});

const logitsOf = (
  features: tf.Tensor2D,
  [kernel, bias]: readonly tf.Tensor[],
  { featureDivisor }: z.infer<typeof schema>,
): tf.Tensor2D => classifierLogits(tf.div(features, featureDivisor), kernel as tf.Tensor, bias as tf.Tensor);
