import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { type MethodLoss, defineMethod } from '../method.ts';
import { constant } from '../parts/constant.ts';
import { dotProducts } from '../parts/distances.ts';
import { logOfSum } from '../parts/log-of-sum.ts';
import { pairMasks } from '../parts/pairs.ts';
import { activeShare, meanOfActive, meanOfRows } from '../parts/reducers.ts';
import { withLengthPenalty } from '../parts/regularizers.ts';

const schema = z.strictObject({
  margin: z.number().min(0).max(1).default(0.4).meta({
    title: 'Relaxation (m)',
    description: 'Positives should be more similar than 1 − m, negatives less than m.',
  }),
  scale: z.number().gt(0).max(10_000).default(80).meta({
    title: 'Scale (γ)',
    description: 'Sharpness of the choice among pairs. The paper takes 80 for retrieval, 256 for faces.',
  }),
});

/**
 * Circle loss: each similarity is weighted by how far it is from its optimum; the weight passes no gradient.
 * Sun et al., "Circle Loss: A Unified Perspective of Pair Similarity Optimization", CVPR 2020, equations 6 to 8.
 *
 *   paper   parameter   default
 *   m       margin      0.4
 *   gamma   scale       80
 *
 *   softplus(log sum_p exp(-gamma [1 + m - s]_+ (s - (1 - m))) + log sum_n exp(gamma [s + m]_+ (s - m))) of each image
 *   that has both a positive and a negative; the mean over those above 0
 *
 * @param embeddings [batch, dim], rows of unit length
 * @param labels     int32 [batch]
 */
export function circleLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  { margin, scale }: z.infer<typeof schema>,
): MethodLoss {
  const { positive, negative } = pairMasks(labels);
  const s = dotProducts(embeddings);
  const pullWeight = tf.relu(tf.sub(1 + margin, constant(s)));
  const pushWeight = tf.relu(tf.add(constant(s), margin));
  const pull = tf.mul<tf.Tensor2D>(tf.mul(pullWeight, tf.sub(s, 1 - margin)), -scale);
  const push = tf.mul<tf.Tensor2D>(tf.mul(pushWeight, tf.sub(s, margin)), scale);
  const terms = {
    values: tf.softplus(
      tf.add(logOfSum(pull, { axis: 1, mask: positive }), logOfSum(push, { axis: 1, mask: negative })),
    ), // [B]
    mask: tf.mul(tf.max(positive, 1), tf.max(negative, 1)),
  };
  return { value: meanOfActive(terms), perSample: meanOfRows(terms), figures: [activeShare(terms)] };
}

export const circle = withLengthPenalty(
  defineMethod({
    id: 'circle',
    title: 'Circle',
    summary: 'Pairs pull and push the harder, the farther their similarity is from where it should be.',
    source: 'Sun et al., Circle Loss: A Unified Perspective of Pair Similarity Optimization, CVPR 2020',
    family: 'pairs',
    formula: 'L = mean log(1 + Σ_p exp(−γ [1 + m − s]₊ (s − 1 + m)) Σ_n exp(γ [s + m]₊ (s − m)))',
    defaults: { sampler: 'per-class', imagesPerClass: 4 },
    schema,
    symbols: { m: 'margin', gamma: 'scale' },
    build: (settings) => ({
      parameters: [],
      figures: ['activeShare'],
      loss: ({ embeddings, labels }) => circleLoss(embeddings, labels, settings),
    }),
  }),
);
