import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { oneHotRows } from '../../backend/one-hot.ts';
import { initialCenters, unitRows } from '../centers.ts';
import { defineMethod } from '../method.ts';
import { logOfSum } from '../parts/log-of-sum.ts';
import { meanOfSamples } from '../parts/reducers.ts';

const schema = z.strictObject({
  scale: z.number().gt(0).max(10_000).default(9).meta({
    title: 'Scale',
    description:
      'Sharpness: what squared distances are multiplied by. The paper has 1; 9 is vectors of length 3.',
  }),
  includePositive: z.boolean().default(false).meta({
    title: 'Own proxy in the denominator',
    description: 'As most libraries have it: the loss is then a softmax over all proxies and never below 0.',
  }),
  smoothing: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .meta({
      onlyWhen: { field: 'includePositive', is: [true] },
      title: 'Label smoothing',
      description:
        'Share of the target that the other classes get together. Read with the own proxy included.',
    }),
});
export type ProxyNcaSettings = z.infer<typeof schema>;

/**
 * ProxyNCA: one proxy a class; nearer to the own proxy than to the others. Unbounded below, as the paper's.
 * Movshovitz-Attias et al., "No Fuss Distance Metric Learning using Proxies", ICCV 2017, equation 6.
 *
 *   paper          parameter          default
 *   d(x,p)         squared distance   times `scale` 9
 *   Z = P \ {p_y}  includePositive    false
 *
 * @param embeddings [batch, dim], rows of unit length
 * @param labels     int32 [batch], 0 <= label < classes
 * @param proxies    [classes, dim], rows of unit length
 * @returns per-sample losses [batch]; 0 where there is no other proxy
 */
export function proxyNcaLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  proxies: tf.Tensor2D,
  { scale, includePositive, smoothing }: ProxyNcaSettings,
): tf.Tensor1D {
  const classes = proxies.shape[0];
  const squares = (rows: tf.Tensor2D): tf.Tensor => tf.sum(tf.square(rows), 1);
  const sums = tf.add(tf.expandDims(squares(embeddings), 1), squares(proxies));
  const distances = tf.sub(sums, tf.mul(tf.matMul(embeddings, proxies, false, true), 2));
  const scores = tf.mul(distances, -scale); // [batch, classes]
  const own = oneHotRows(labels, classes);
  const others = tf.sub(1, own);
  if (classes === 1) return tf.sum(tf.mul(scores, 0), 1);
  const target = includePositive
    ? tf.add(tf.mul(own, 1 - smoothing), tf.mul(others, smoothing / (classes - 1)))
    : own;
  const denominator = logOfSum(scores, { axis: 1, ...(includePositive ? {} : { mask: others }) });
  return tf.sub<tf.Tensor1D>(denominator, tf.sum(tf.mul(scores, target), 1));
}

export const proxyNca = defineMethod({
  id: 'proxy-nca',
  title: 'ProxyNCA',
  summary: 'One proxy a class; every sample is drawn to its own proxy and away from the others.',
  source: 'Movshovitz-Attias et al., No Fuss Distance Metric Learning using Proxies, ICCV 2017, equation 6',
  family: 'centers',
  formula: 'L = mean −log( exp(−s D(x,p_y)) / Σ_{c≠y} exp(−s D(x,p_c)) ),  D squared distance',
  schema,
  symbols: { s: 'scale' },
  check: ({ includePositive, smoothing }) =>
    smoothing === 0 || includePositive
      ? []
      : [
          {
            field: 'smoothing',
            message: `smoothing ${smoothing} has no meaning without the own proxy in the denominator: set includePositive to true, or smoothing to 0.`,
          },
        ],
  build: (settings, { classes, dim, random }) => ({
    parameters: [{ name: 'proxies', shape: [classes, dim], initial: initialCenters(dim, classes, random) }],
    loss: ({ embeddings, labels, trained }) =>
      meanOfSamples(proxyNcaLoss(embeddings, labels, unitRows(trained[0] as tf.Tensor2D), settings)),
  }),
});
