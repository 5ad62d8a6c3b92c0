import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { classClusters, nearestClusters } from './class-clusters.ts';
import { magnetLoss } from './magnet-loss.ts';
import { defineMethod } from '../method.ts';
import { above } from '../parts/constant.ts';

const schema = z.strictObject({
  clustersPerClass: z.int().min(1).max(20).default(2).meta({
    title: 'Clusters per class (K)',
    description: 'Into how many k-means clusters the images of a class are divided before every epoch.',
  }),
  alpha: z.number().min(0).max(100).default(1).meta({
    title: 'Gap (α)',
    description: 'How far clusters of other classes must be, in units of the batch’s variance.',
  }),
});

/** See `magnetLoss`. */
export const magnet = defineMethod({
  id: 'magnet',
  title: 'Magnet',
  summary: 'Draws samples to clusters of their class, found anew every epoch, and away from other classes’.',
  source: 'Rippel et al., Metric Learning with Adaptive Density Discrimination, ICLR 2016, equation 4',
  family: 'structure',
  formula:
    'L = mean [ −log( exp(−|r − μ|²/2σ² − α) / Σ_{other classes’ μ_k} exp(−|r − μ_k|²/2σ²) ) ]₊,  σ² = Σ |r − μ|² / (N − 1)',
  schema,
  symbols: { K: 'clustersPerClass' },
  defaults: { sampler: 'neighborhood', imagesPerClass: 8 },
  build: (settings, { classes, dim }) => {
    const shape = [classes, settings.clustersPerClass, dim] as const;
    return {
      parameters: [],
      inputs: [
        {
          name: 'clusterCentroids',
          shape,
          initial: new Float32Array(classes * settings.clustersPerClass * dim),
        },
      ],
      figures: ['activeShare', 'variance'],
      loss: ({ embeddings, labels, inputs }) => {
        const clusters = nearestClusters(embeddings, labels, inputs[0] as tf.Tensor3D);
        const { perSample, variance } = magnetLoss(embeddings, clusters, labels, settings);
        const activeShare = tf.mean<tf.Scalar>(above(perSample, 0));
        return { value: tf.mean<tf.Scalar>(perSample), perSample, figures: [activeShare, variance] };
      },
      refresh: (whole, random) => ({ inputs: [classClusters(whole, settings.clustersPerClass, random)] }),
    };
  },
});
