import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { mineMultiSimilarity } from '../../miners/batch/multi-similarity.ts';
import { type MethodLoss, defineMethod } from '../method.ts';
import { constant } from '../parts/constant.ts';
import { dotProducts } from '../parts/distances.ts';
import { logOfSum } from '../parts/log-of-sum.ts';
import { pairMasks } from '../parts/pairs.ts';
import { activeShare, meanOf, meanOfSamples } from '../parts/reducers.ts';
import { withLengthPenalty } from '../parts/regularizers.ts';

const schema = z.strictObject({
  positiveScale: z.number().gt(0).max(1000).default(2).meta({
    title: 'Positive scale (α)',
    description: 'Sharpness of the choice among images of one class.',
  }),
  negativeScale: z.number().gt(0).max(1000).default(50).meta({
    title: 'Negative scale (β)',
    description: 'Sharpness of the choice among images of other classes.',
  }),
  base: z.number().min(-1).max(1).default(0.5).meta({
    title: 'Base similarity (λ)',
    description: 'Cosine that parts near from far.',
  }),
  mining: z.boolean().default(true).meta({
    title: 'Mine pairs',
    description: 'Leaves out pairs that are easier than the hardest of the other kind.',
  }),
  pairMargin: z
    .number()
    .min(0)
    .max(2)
    .default(0.1)
    .meta({
      onlyWhen: { field: 'mining', is: [true] },
      title: 'Mining margin (ε)',
      description: 'How much easier a pair may be and still count.',
    }),
});

/**
 * Multi-similarity loss, over the pairs of its miner or over all.
 * Wang et al., "Multi-Similarity Loss with General Pair Weighting", CVPR 2019, equation 13.
 *
 *   paper     parameter       default
 *   alpha     positiveScale   2
 *   beta      negativeScale   50
 *   lambda    base            0.5
 *   epsilon   pairMargin      0.1
 *
 *   mean over all rows of log(1 + sum_p exp(-alpha (s - lambda))) / alpha + log(1 + sum_n exp(beta (s - lambda))) / beta
 *
 * @param embeddings [batch, dim], rows of unit length
 * @param labels     int32 [batch]
 */
export function multiSimilarityLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  { positiveScale, negativeScale, base, mining, pairMargin }: z.infer<typeof schema>,
): MethodLoss {
  const s = dotProducts(embeddings);
  const all = pairMasks(labels);
  const { positive, negative } = mining ? mineMultiSimilarity(constant(s), all, pairMargin) : all;
  const past = tf.sub<tf.Tensor2D>(s, base);
  const pull = logOfSum(tf.mul(past, -positiveScale), { axis: 1, mask: positive, plusOne: true });
  const push = logOfSum(tf.mul(past, negativeScale), { axis: 1, mask: negative, plusOne: true });
  const perSample = tf.add<tf.Tensor1D>(tf.div(pull, positiveScale), tf.div(push, negativeScale));
  const kept = meanOf({ values: tf.add(positive, negative), mask: tf.add(all.positive, all.negative) });
  return { ...meanOfSamples(perSample), figures: [activeShare({ values: perSample }), kept] };
}

export const multiSimilarity = withLengthPenalty(
  defineMethod({
    id: 'multi-similarity',
    title: 'Multi-similarity',
    summary: 'Weighs each pair by itself and by the other pairs of its image; mines the informative ones.',
    source: 'Wang et al., Multi-Similarity Loss with General Pair Weighting, CVPR 2019',
    family: 'pairs',
    formula: 'L = mean log(1 + Σ_p exp(−α (s − λ))) / α + log(1 + Σ_n exp(β (s − λ))) / β',
    defaults: { sampler: 'per-class', imagesPerClass: 4 },
    schema,
    symbols: {
      alpha: 'positiveScale',
      beta: 'negativeScale',
      lambda: 'base',
      epsilon: 'pairMargin',
    },
    build: (settings) => ({
      parameters: [],
      figures: ['activeShare', 'minedShare'],
      loss: ({ embeddings, labels }) => multiSimilarityLoss(embeddings, labels, settings),
    }),
  }),
);
