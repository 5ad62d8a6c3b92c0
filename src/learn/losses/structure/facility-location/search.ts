import * as tf from '@tensorflow/tfjs-core';
import { agreement } from './agreement.ts';
import { type Batch, FAR, bestOf, disagreements } from './candidates.ts';

/** Medoids as rows of ones and zeros; a row of zeros is a place that is not used. [clusters, batch] */
export type Medoids = tf.Tensor2D;

export interface Assignment {
  /** [batch, clusters], each sample's nearest medoid, the first of equals; a medoid is its own. */
  readonly assigned: tf.Tensor2D;
  /** Distance to it. [batch] */
  readonly nearest: tf.Tensor1D;
}

/**
 * One medoid after the other, each the sample that adds most to minus the distances to the nearest medoid plus
 * gamma (1 - NMI): as many as the batch has classes. The places after those stay zero.
 *
 * @param places at least the batch's classes
 */
export function greedyMedoids(batch: Batch, places: number): Medoids {
  const { distances, classOf, gamma } = batch;
  const size = distances.shape[0];
  const itself = tf.eye(size);
  const classes = tf.sum(tf.max(classOf, 0));
  let free = tf.ones([size]);
  let nearest = tf.fill([size], FAR);
  let assigned = tf.zeros<tf.Rank.R2>([size, 0]);
  const chosen: tf.Tensor2D[] = [];
  for (let place = 0; place < places; place++) {
    const takes = tf.maximum<tf.Tensor2D>(tf.cast(tf.less(distances, nearest), 'float32'), itself);
    const energy = tf.neg(tf.sum(tf.minimum(distances, nearest), 1));
    const apart = place === 0 ? tf.ones([size]) : disagreements(takes, assigned, batch);
    const scores = tf.add<tf.Tensor1D>(energy, tf.mul(apart, gamma));
    const wanted = tf.cast(tf.less(place, classes), 'float32');
    const best = tf.mul<tf.Tensor2D>(bestOf(scores, free), wanted); // [1, size]
    const taken = tf.reshape(tf.matMul(best, takes), [size, 1]);
    const away = tf.add(tf.reshape(tf.matMul(best, distances), [size]), tf.mul(tf.sub(1, wanted), FAR));
    nearest = tf.minimum(nearest, away);
    assigned = tf.concat2d([tf.mul(assigned, tf.sub(1, taken)), taken as tf.Tensor2D], 1);
    free = tf.sub(free, tf.reshape(best, [size]));
    chosen.push(best);
  }
  return tf.concat2d(chosen, 0);
}

/** Each sample's nearest medoid. @param without a place that is left out */
export function assign(medoids: Medoids, { distances }: Batch, without?: number): Assignment {
  const [places, size] = medoids.shape;
  const open = Float32Array.from({ length: places }, (_, place) => (place === without ? 0 : 1));
  const present = tf.mul<tf.Tensor2D>(medoids, tf.reshape(tf.tensor1d(open), [places, 1]));
  const used = tf.sum(present, 1, true);
  const away = tf.add(tf.matMul(present, distances), tf.mul(tf.sub(1, used), FAR)); // [places, batch]
  const nearest = tf.min<tf.Tensor1D>(away, 0);
  const order = tf.reshape(tf.range(0, places, 1, 'float32'), [places, 1]);
  const tied = tf.cast(tf.equal(away, nearest), 'float32');
  const first = tf.min(tf.add(tf.mul(tied, order), tf.mul(tf.sub(1, tied), places)), 0);
  const taken = tf.cast(tf.equal(order, first), 'float32');
  const isMedoid = tf.reshape(tf.sum(present, 0), [1, size]);
  const assigned = tf.add(tf.mul(taken, tf.sub(1, isMedoid)), present);
  return { assigned: tf.transpose(tf.mul(assigned, used)), nearest };
}

/** One sweep of swaps: in every cluster the member that is the best medoid, all others staying as they are. */
export function swapMedoids(medoids: Medoids, batch: Batch): Medoids {
  const { distances, gamma } = batch;
  const [places, size] = medoids.shape;
  const itself = tf.eye(size);
  const members = tf.split(assign(medoids, batch).assigned, places, 1);
  let rows = tf.split<tf.Tensor2D>(medoids, places, 0);
  for (let place = 0; place < places; place++) {
    const inCluster = members[place] as tf.Tensor2D; // [batch, 1]
    const others = assign(tf.concat2d(rows, 0), batch, place);
    const order = tf.range(0, places, 1, 'float32');
    const otherPlace = tf.sum(tf.mul(others.assigned, order), 1); // [batch]
    const nearer = tf.cast(tf.less(distances, others.nearest), 'float32');
    const tied = tf.mul(
      tf.cast(tf.equal(distances, others.nearest), 'float32'),
      tf.cast(tf.greater(otherPlace, place), 'float32'),
    );
    const fixed = tf.sub(tf.sum(tf.concat2d(rows, 0), 0), tf.reshape(rows[place] as tf.Tensor, [size]));
    const takes = tf.maximum<tf.Tensor2D>(tf.mul(tf.add(nearer, tied), tf.sub(1, fixed)), itself);
    const energy = tf.neg(tf.reshape(tf.matMul(distances, inCluster), [size]));
    const scores = tf.add<tf.Tensor1D>(energy, tf.mul(disagreements(takes, others.assigned, batch), gamma));
    const best = bestOf(scores, tf.reshape(inCluster, [size]));
    rows = rows.with(place, best);
  }
  return tf.concat2d(rows, 0);
}

/** NMI of an assignment with the classes. */
export function agreementOf(assigned: tf.Tensor2D, { classOf, average }: Batch): tf.Scalar {
  const counts = tf.expandDims(tf.matMul(assigned, classOf, true), 0);
  const sizes = tf.expandDims(tf.sum(assigned, 0), 0);
  const total = assigned.shape[0];
  return tf.squeeze(agreement(counts, sizes, tf.sum(classOf, 0), total, average));
}
