import * as tf from '@tensorflow/tfjs-core';
import { squaredDistances, squaredRowDistances } from '../parts/distances.ts';
import { logOfSum } from '../parts/log-of-sum.ts';

/** Variance under which all samples count as lying on the means of their clusters. */
const LEAST_VARIANCE = 1e-8;

export interface MagnetLoss {
  /** [batch] */
  readonly perSample: tf.Tensor1D;
  /** Sum of squared distances to the own cluster's mean / (batch - 1). */
  readonly variance: tf.Scalar;
}

/**
 * Magnet loss: near the own cluster's mean, far from the clusters of other classes, in units of the batch's variance.
 * Rippel et al., "Metric Learning with Adaptive Density Discrimination", ICLR 2016, equation 4; means and variance are
 * the batch's and carry gradient.
 *
 *   paper   parameter   default
 *   alpha   alpha       1
 *
 * @param embeddings [batch, dim]
 * @param clusters   int32 [batch], which cluster each sample is in; clusters of different classes differ
 * @param labels     int32 [batch]
 */
export function magnetLoss(
  embeddings: tf.Tensor2D,
  clusters: tf.Tensor1D,
  labels: tf.Tensor1D,
  { alpha }: { readonly alpha: number },
): MagnetLoss {
  const batch = embeddings.shape[0];
  const together = tf.cast(tf.equal(tf.expandDims(clusters, 1), tf.expandDims(clusters, 0)), 'float32');
  const members = tf.sum(together, 1); // [batch], of each sample's cluster
  // Row i is the mean of sample i's cluster, so that clusters need no numbering.
  const means = tf.matMul<tf.Tensor2D>(tf.div(together, tf.expandDims(members, 1)), embeddings);
  const own = squaredRowDistances(embeddings, means);
  const variance = tf.div<tf.Scalar>(tf.sum(own), Math.max(1, batch - 1));
  const unit = tf.mul(tf.maximum(variance, LEAST_VARIANCE), 2);
  const scores = tf.neg(tf.div(squaredDistances(embeddings, means), unit)); // [batch, batch]
  // A cluster stands in as many columns as it has samples, so each counts for one part of it.
  const shared = tf.sub(scores, tf.log(tf.expandDims(members, 0)));
  const others = tf.cast(tf.notEqual(tf.expandDims(labels, 1), tf.expandDims(labels, 0)), 'float32');
  const repelled = logOfSum<tf.Tensor1D>(shared, { axis: 1, mask: others });
  return { perSample: tf.relu(tf.add(tf.add(tf.div(own, unit), alpha), repelled)), variance };
}
