import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { oneHotRows } from '../../backend/one-hot.ts';
import { initialCenters, unitRows } from '../centers.ts';
import { defineMethod } from '../method.ts';
import { dotProducts } from '../parts/distances.ts';
import { logOfSum } from '../parts/log-of-sum.ts';

const schema = z.strictObject({
  alpha: z.number().gt(0).max(1000).default(32).meta({
    title: 'Sharpness (α)',
    description: 'How much more the hardest samples of a proxy count than the others.',
  }),
  margin: z.number().min(0).max(2).default(0.1).meta({
    title: 'Margin (δ)',
    description: 'Similarity that own samples should have above it, others below its negative.',
  }),
});
export type ProxyAnchorSettings = z.infer<typeof schema>;

/**
 * Proxy-Anchor: every proxy is an anchor that draws its class's samples of the batch and repels all others.
 * Kim et al., "Proxy Anchor Loss for Deep Metric Learning", CVPR 2020, equation 4.
 *
 *   paper   parameter   default
 *   alpha   alpha       32
 *   delta   margin      0.1
 *
 * @param embeddings [batch, dim], rows of unit length
 * @param labels     int32 [batch], 0 <= label < classes
 * @param proxies    [classes, dim], any length
 */
export function proxyAnchorLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  proxies: tf.Tensor2D,
  { alpha, margin }: ProxyAnchorSettings,
): tf.Scalar {
  const cosines = dotProducts(embeddings, unitRows(proxies)); // [batch, classes]
  const own = oneHotRows(labels, proxies.shape[0]);
  const pull = logOfSum(tf.mul(tf.sub(cosines, margin), -alpha), { axis: 0, mask: own, plusOne: true });
  const push = logOfSum(tf.mul(tf.add(cosines, margin), alpha), {
    axis: 0,
    mask: tf.sub(1, own),
    plusOne: true,
  });
  const present = tf.sum(tf.max(own, 0));
  return tf.add(tf.div(tf.sum(pull), present), tf.mean(push));
}

export const proxyAnchor = defineMethod({
  id: 'proxy-anchor',
  title: 'Proxy-Anchor',
  summary: 'One proxy a class; each proxy weighs the samples of a batch by how hard they are for it.',
  source: 'Kim et al., Proxy Anchor Loss for Deep Metric Learning, CVPR 2020, equation 4',
  family: 'centers',
  formula:
    'L = 1/|P⁺| Σ_{p∈P⁺} log(1 + Σ_{x∈p} exp(−α (x·p − δ))) + 1/|P| Σ_p log(1 + Σ_{x∉p} exp(α (x·p + δ)))',
  schema,
  symbols: { delta: 'margin' },
  // The authors' first epoch on birds: proxies that still lie anywhere would drag a good network after them.
  defaults: { freezeBackboneSteps: 33 },
  build: (settings, { classes, dim, random }) => ({
    parameters: [{ name: 'proxies', shape: [classes, dim], initial: initialCenters(dim, classes, random) }],
    loss: ({ embeddings, labels, trained }) => ({
      value: proxyAnchorLoss(embeddings, labels, trained[0] as tf.Tensor2D, settings),
    }),
  }),
});
