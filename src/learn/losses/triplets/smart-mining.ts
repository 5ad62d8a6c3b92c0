import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { type MethodLoss, defineMethod } from '../method.ts';
import { untaped } from '../parts/constant.ts';
import { activeShare } from '../parts/reducers.ts';
import { globalLoss, globalSettings } from './global.ts';

const schema = z.strictObject({
  margin: z.number().min(0).max(4).default(0.2).meta({
    title: 'Margin',
    description: 'How much nearer than the negative the positive must be, in squared distance.',
  }),
  globalWeight: z.number().min(0).max(1000).default(1).meta({
    title: 'Weight of the global loss',
    description: 'How much the global loss counts beside the triplets; 0 for triplets alone.',
  }),
  ...globalSettings,
});

/**
 * Triplet loss on squared distances plus the global loss, over the explicit triplets of a batch and no others: mean of
 * [D(a,p) - D(a,n) + margin]_+ plus globalWeight times the global loss of the same triplets. Harwood, Kumar, Carneiro,
 * Reid and Drummond, "Smart Mining for Deep Metric Learning", ICCV 2017; the global loss is Kumar et al., CVPR 2016.
 *
 * @param triplets [triplets, 3, dim]: anchor, positive, negative, of unit length
 * @returns perSample is each triplet's hinge, for each of its three images, [3 triplets]
 */
export function smartMiningLoss(triplets: tf.Tensor3D, settings: z.infer<typeof schema>): MethodLoss {
  const [anchors, positives, negatives] = tf.unstack(triplets, 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const squared = (others: tf.Tensor2D): tf.Tensor1D => tf.sum(tf.square(tf.sub(anchors, others)), 1);
  const [near, far] = [squared(positives), squared(negatives)];
  const weights = tf.onesLike(near);
  const hinges = tf.relu<tf.Tensor1D>(tf.add(tf.sub(near, far), settings.margin));
  const { value, figures = [] } = globalLoss({ values: near, weights }, { values: far, weights }, settings);
  return {
    value: tf.add(tf.mean<tf.Scalar>(hinges), tf.mul(value, settings.globalWeight)),
    perSample: untaped(() => tf.reshape<tf.Rank.R1>(tf.tile(tf.expandDims(hinges, 1), [1, 3]), [-1])),
    figures: [activeShare({ values: hinges, mask: weights }), ...figures],
  };
}

export const smartMining = defineMethod({
  id: 'smart-mining',
  title: 'Smart mining',
  summary: 'Triplets mined from the whole training part while it trains, held together by the global loss.',
  source: 'Harwood, Kumar, Carneiro, Reid and Drummond, Smart Mining for Deep Metric Learning, ICCV 2017',
  family: 'triplets',
  formula: 'L = mean [D(a,p) − D(a,n) + m]₊ + w (var(d⁺) + var(d⁻) + λ [mean(d⁺) − mean(d⁻) + t]₊)',
  defaults: { sampler: 'mined', batch: 33 },
  readsTriplets: true,
  schema,
  symbols: { m: 'margin', w: 'globalWeight', t: 'gap' },
  build: (settings) => ({
    parameters: [],
    figures: ['activeShare', 'positiveVariance', 'negativeVariance'],
    loss: ({ embeddings }) => {
      const [batch, dim] = embeddings.shape;
      const count = Math.floor(batch / 3);
      const whole = tf.slice(embeddings, [0, 0], [3 * count, dim]);
      const loss = smartMiningLoss(tf.reshape(whole, [count, 3, dim]), settings);
      // The sampler gives whole triplets; what is left over of other batches belongs to none.
      const left = batch - 3 * count;
      return left === 0 ? loss : { ...loss, perSample: untaped(() => tf.pad1d(loss.perSample!, [0, left])) };
    },
  }),
});
