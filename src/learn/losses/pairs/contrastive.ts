import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { type MethodLoss, defineMethod } from '../method.ts';
import { distancesOf, safeRoot, squaredRowDistances } from '../parts/distances.ts';
import { pairMasks } from '../parts/pairs.ts';
import { activeShare, meanOf, meanOfRows, reducers } from '../parts/reducers.ts';
import { withLengthPenalty } from '../parts/regularizers.ts';
import { distance, reduction } from '../parts/settings.ts';

const schema = z.strictObject({
  form: z.enum(['linear', 'quadratic']).default('linear').meta({
    title: 'Form',
    description:
      'Hinges averaged for each kind of pair, or the paper’s squared ones averaged over all pairs.',
  }),
  positiveMargin: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .meta({
      onlyWhen: { field: 'form', is: ['linear'] },
      title: 'Positive margin',
      description: 'Images of one class nearer than this pull no more. Only in the linear form.',
    }),
  negativeMargin: z.number().gt(0).max(100).default(1).meta({
    title: 'Negative margin (m)',
    description: 'Images of two classes farther apart than this push no more.',
  }),
  distance,
  reduction,
});

/**
 * Contrastive loss over all pairs of a batch. Hadsell, Chopra and LeCun, "Dimensionality Reduction by Learning an
 * Invariant Mapping", CVPR 2006; in the linear form, which trains better, each kind of pair has its own mean.
 *
 *   paper   parameter        default
 *   m       negativeMargin   1
 *
 *   linear     mean_p [d - positiveMargin]_+ + mean_n [m - d]_+
 *   quadratic  mean over all pairs of d^2 (one class) or [m - d]_+^2 (two classes), d plain
 *
 * @param embeddings [batch, dim]
 * @param labels     int32 [batch]
 */
export function contrastiveLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  settings: z.infer<typeof schema>,
): MethodLoss {
  const { positive, negative } = pairMasks(labels);
  const both = tf.add<tf.Tensor2D>(positive, negative);
  const quadratic = settings.form === 'quadratic';
  const d = distancesOf(quadratic ? 'euclidean' : settings.distance, embeddings);
  const pull = tf.relu(tf.sub(d, quadratic ? 0 : settings.positiveMargin));
  const push = tf.relu(tf.sub(settings.negativeMargin, d));
  const hinges = tf.add(tf.mul(pull, positive), tf.mul(push, negative));
  const values = quadratic ? tf.square(hinges) : hinges;
  const reduce = reducers[settings.reduction];
  return {
    value: quadratic
      ? meanOf({ values, mask: both })
      : tf.add(reduce({ values, mask: positive }), reduce({ values, mask: negative })),
    perSample: meanOfRows({ values, mask: both }),
    figures: [activeShare({ values, mask: negative })],
  };
}

/**
 * The quadratic form over pairs that are given: mean of same * d^2 + (1 - same) * [margin - d]_+^2.
 *
 * @param anchors [pairs, dim]
 * @param others  [pairs, dim]
 * @param same    [pairs], 1 for two images of one class, else 0
 */
export function labelledPairsLoss(
  anchors: tf.Tensor2D,
  others: tf.Tensor2D,
  same: tf.Tensor1D,
  margin: number,
): tf.Scalar {
  const squares = squaredRowDistances(anchors, others);
  const push = tf.square(tf.relu(tf.sub(margin, safeRoot(squares))));
  return tf.mean(tf.add(tf.mul(squares, same), tf.mul(push, tf.sub(1, same))));
}

export const contrastive = withLengthPenalty(
  defineMethod({
    id: 'contrastive',
    title: 'Contrastive',
    summary: 'Pulls images of a class together and pushes those of two classes apart up to a margin.',
    source: 'Hadsell, Chopra and LeCun, Dimensionality Reduction by Learning an Invariant Mapping, CVPR 2006',
    family: 'pairs',
    formula: 'L = mean_p [d − m_p]₊ + mean_n [m − d]₊',
    defaults: { sampler: 'per-class', imagesPerClass: 4 },
    schema,
    symbols: { m: 'negativeMargin', m_p: 'positiveMargin' },
    build: (settings) => ({
      parameters: [],
      figures: ['activeShare'],
      loss: ({ embeddings, labels }) => contrastiveLoss(embeddings, labels, settings),
    }),
  }),
);
