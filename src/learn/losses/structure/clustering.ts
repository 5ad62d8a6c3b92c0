import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { smallestIn } from '../../miners/batch/select-one.ts';
import { agreementOf, assign, greedyMedoids, swapMedoids } from './facility-location/search.ts';
import { defineMethod } from '../method.ts';
import { above, constant } from '../parts/constant.ts';
import { distances } from '../parts/distances.ts';

const schema = z.strictObject({
  gamma: z.number().min(0).max(1000).default(1).meta({
    title: 'Margin (γ)',
    description:
      'How much worse a clustering must be for each share of agreement with the classes that it lacks.',
  }),
  sweeps: z.int().min(0).max(20).default(5).meta({
    title: 'Sweeps',
    description:
      'How often every medoid is tried against the members of its cluster, after the greedy search.',
  }),
  average: z.enum(['arithmetic', 'geometric']).default('arithmetic').meta({
    title: 'Average in NMI',
    description: 'Mean of the two entropies that the mutual information is divided by.',
  }),
});
export type ClusteringSettings = z.infer<typeof schema>;

/** The loss and what it came from; only `value` and the two energies carry gradient. */
export interface ClusteringLoss {
  readonly value: tf.Scalar;
  /** Minus the sum of distances to the medoids that were found. */
  readonly foundEnergy: tf.Scalar;
  /** Minus the sum of distances to the best medoid of each class. */
  readonly labelEnergy: tf.Scalar;
  readonly nmi: tf.Scalar;
  /** Rows of ones and zeros, of zeros where the batch has fewer classes. [places, batch] */
  readonly greedyMedoids: tf.Tensor2D;
  readonly medoids: tf.Tensor2D;
  /** [batch, places] */
  readonly assigned: tf.Tensor2D;
}

/**
 * Clustering by facility location: the classes must explain the batch better than the most harmful clustering, by as
 * much as that one disagrees with them.
 * Song et al., "Deep Metric Learning via Facility Location", CVPR 2017, equations 4 to 9.
 *
 *   paper   parameter   default
 *   gamma   gamma       1
 *   T       sweeps      5
 *
 * @param embeddings [batch, dim], rows of unit length
 * @param labels     int32 [batch]
 * @param classes    how many classes a batch may have at most: work grows with it
 */
export function clusteringLoss(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  settings: ClusteringSettings,
  classes = labels.shape[0],
): ClusteringLoss {
  const { gamma, average } = settings;
  const apart = distances(embeddings);
  const same = tf.cast<tf.Tensor2D>(tf.equal(tf.expandDims(labels, 1), tf.expandDims(labels, 0)), 'float32');
  const batch = { distances: constant(apart), classOf: smallestIn(tf.zerosLike(same), same), gamma, average };
  const greedy = greedyMedoids(batch, Math.min(classes, labels.shape[0]));
  let medoids = greedy;
  for (let sweep = 0; sweep < settings.sweeps; sweep++) medoids = swapMedoids(medoids, batch);
  const { assigned } = assign(medoids, batch);
  const nmi = agreementOf(assigned, batch);
  const reach = tf.expandDims(tf.sum(tf.mul(batch.distances, same), 1), 0); // [1, batch]
  const bestOfClass = smallestIn(reach, same);
  const foundEnergy = tf.neg<tf.Scalar>(tf.sum(tf.mul(apart, tf.matMul(assigned, medoids))));
  const labelEnergy = tf.neg<tf.Scalar>(tf.sum(tf.mul(apart, bestOfClass)));
  const gap = tf.add(tf.sub(foundEnergy, labelEnergy), tf.mul(tf.sub(1, nmi), gamma));
  return {
    value: tf.relu(gap as tf.Scalar),
    foundEnergy,
    labelEnergy,
    nmi,
    greedyMedoids: greedy,
    medoids,
    assigned,
  };
}

export const clustering = defineMethod({
  id: 'clustering',
  title: 'Clustering (facility location)',
  summary: 'The classes of a batch must cluster it better than the most harmful clustering does.',
  source: 'Song et al., Deep Metric Learning via Facility Location, CVPR 2017, equation 6',
  family: 'structure',
  formula: 'L = [ max_S ( F(X,S) + γ (1 − NMI(S,y)) ) − F̃(X,y) ]₊,  F = −Σ_i min_{j∈S} |x_i − x_j|',
  schema,
  symbols: { T: 'sweeps' },
  defaults: { sampler: 'per-class', imagesPerClass: 4 },
  build: (settings, { classes }) => ({
    parameters: [],
    figures: ['nmi', 'activeShare'],
    loss: ({ embeddings, labels }) => {
      const { value, nmi } = clusteringLoss(embeddings, labels, settings, classes);
      return { value, figures: [nmi, above(value, 0)] };
    },
  }),
});
