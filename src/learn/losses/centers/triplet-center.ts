import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { oneHotRows } from '../../backend/one-hot.ts';
import { smallestIn } from '../../miners/batch/select-one.ts';
import { defineMethod } from '../method.ts';
import { above, constant } from '../parts/constant.ts';
import { squaredDistances } from '../parts/distances.ts';

const schema = z.strictObject({
  margin: z.number().min(0).max(1000).default(5).meta({
    title: 'Margin (m)',
    description: 'How much farther the nearest other centre must be than the own, in half squared distance.',
  }),
});
export type TripletCenterSettings = z.infer<typeof schema>;

/**
 * Triplet-centre loss: nearer to the centre of the own class than to the nearest of another, by a margin.
 * He et al., "Triplet-Center Loss for Multi-View 3D Object Retrieval", CVPR 2018, equation 6.
 *
 *   paper   parameter                        default
 *   m       margin                           5
 *   D       half the squared distance
 *
 * @param embeddings [batch, dim], of any length
 * @param labels     int32 [batch], 0 <= label < classes
 * @param centers    [classes, dim]
 * @returns per-sample losses [batch], the paper's loss is their sum; 0 where there is no other centre
 */
export function tripletCenterLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  centers: tf.Tensor2D,
  { margin }: TripletCenterSettings,
): tf.Tensor1D {
  const halves = tf.mul<tf.Tensor2D>(squaredDistances(embeddings, centers), 0.5); // [batch, classes]
  const own = oneHotRows(labels, centers.shape[0]);
  const other = smallestIn(constant(halves), tf.sub<tf.Tensor2D>(1, own));
  const gap = tf.sub(tf.sum(tf.mul(halves, own), 1), tf.sum(tf.mul(halves, other), 1));
  return tf.mul(tf.relu(tf.add<tf.Tensor1D>(gap, margin)), tf.sum(other, 1));
}

export const tripletCenter = defineMethod({
  id: 'triplet-center',
  title: 'Triplet-centre loss',
  summary: 'A learned centre a class; each sample nearer to its own than to the nearest other, by a margin.',
  source: 'He et al., Triplet-Center Loss for Multi-View 3D Object Retrieval, CVPR 2018, equation 6',
  family: 'centers',
  formula: 'L = mean [ D(x,c_y) + m − min_{j≠y} D(x,c_j) ]₊,  D half the squared distance, x not normalised',
  schema,
  symbols: { m: 'margin' },
  // Not in the paper, which trains long: centres that still lie anywhere would drag a trained network after them.
  defaults: { freezeBackboneSteps: 33 },
  build: (settings, { classes, dim, random }) => ({
    parameters: [
      {
        name: 'centers',
        shape: [classes, dim],
        // Near the origin: embeddings far outside of it have no reason to spread before the centres do.
        initial: Float32Array.from({ length: classes * dim }, () => 0.1 * random.normal()),
      },
    ],
    figures: ['activeShare'],
    loss: ({ raw, labels, trained }) => {
      const perSample = tripletCenterLoss(raw, labels, trained[0] as tf.Tensor2D, settings);
      const activeShare = tf.mean<tf.Scalar>(above(perSample, 0));
      return { value: tf.mean<tf.Scalar>(perSample), perSample, figures: [activeShare] };
    },
  }),
});
