import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { type MethodLoss, defineMethod } from '../method.ts';
import { distances } from '../parts/distances.ts';
import { logOfSum } from '../parts/log-of-sum.ts';
import { pairMasks } from '../parts/pairs.ts';
import { activeShare, meanOf, meanOfRows } from '../parts/reducers.ts';
import { withLengthPenalty } from '../parts/regularizers.ts';

const schema = z.strictObject({
  variant: z.enum(['lifted', 'generalised']).default('lifted').meta({
    title: 'Variant',
    description:
      'A squared hinge for each positive pair, or one hinge for each image over all its positives.',
  }),
  margin: z.number().min(0).max(100).default(1).meta({
    title: 'Margin (α)',
    description: 'How far apart images of two classes should be.',
  }),
  positiveMargin: z.number().min(0).max(100).default(0).meta({
    title: 'Positive margin',
    description: 'How far apart images of one class may be.',
  }),
});

/**
 * Lifted structure: every positive pair against all negatives of its two images, by a soft maximum.
 * Song et al., "Deep Metric Learning via Lifted Structured Feature Embedding", CVPR 2016, equation 4; the generalised
 * form is Hermans et al., 2017.
 *
 *   paper   parameter   default
 *   alpha   margin      1
 *
 *   lifted       mean over pairs (i,j) of [log sum_{n of i or j} exp(alpha - d) + d(i,j) - positiveMargin]_+^2 / 2
 *   generalised  mean over images of [log sum_p exp(d - positiveMargin) + log sum_n exp(alpha - d)]_+
 *
 * A sum over nothing has the logarithm 0 in the generalised form, and no pair counts in the lifted one.
 *
 * @param embeddings [batch, dim]
 * @param labels     int32 [batch]
 */
export function liftedStructureLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  settings: z.infer<typeof schema>,
): MethodLoss {
  const { positive, negative } = pairMasks(labels);
  const d = distances(embeddings);
  const pull = tf.sub<tf.Tensor2D>(d, settings.positiveMargin);
  const push = logOfSum(tf.sub(settings.margin, d), { axis: 1, mask: negative }); // [B]
  const hasNegative = tf.max(negative, 1); // [B]
  if (settings.variant === 'generalised') {
    const drawn = logOfSum(pull, { axis: 1, mask: positive });
    const values = tf.relu(tf.add(tf.mul(drawn, tf.max(positive, 1)), tf.mul(push, hasNegative)));
    return { value: tf.mean(values), perSample: meanOfRows({ values }), figures: [activeShare({ values })] };
  }
  const [one, other] = [tf.expandDims(push, 1), tf.expandDims(push, 0)];
  const ofBoth = tf.add(one, tf.softplus(tf.sub(other, one))); // log(exp push_i + exp push_j)
  const values = tf.div(tf.square(tf.relu(tf.add(ofBoth, pull))), 2);
  const mask = tf.mul<tf.Tensor2D>(positive, tf.expandDims(hasNegative, 1));
  const terms = { values, mask };
  return { value: meanOf(terms), perSample: meanOfRows(terms), figures: [activeShare(terms)] };
}

export const liftedStructure = withLengthPenalty(
  defineMethod({
    id: 'lifted-structure',
    title: 'Lifted structure',
    summary: 'Every pair of a class against all negatives of both its images at once.',
    source: 'Song et al., Deep Metric Learning via Lifted Structured Feature Embedding, CVPR 2016',
    family: 'pairs',
    formula: 'L = mean over (i,j) of [log Σ_{n of i or j} exp(α − d) + d(i,j)]₊² / 2',
    defaults: { sampler: 'per-class', imagesPerClass: 4 },
    schema,
    symbols: { alpha: 'margin' },
    build: (settings) => ({
      parameters: [],
      figures: ['activeShare'],
      loss: ({ embeddings, labels }) => liftedStructureLoss(embeddings, labels, settings),
    }),
  }),
);
