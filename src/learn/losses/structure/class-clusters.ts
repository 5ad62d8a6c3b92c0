import * as tf from '@tensorflow/tfjs-core';
import { oneHotRows } from '../../backend/one-hot.ts';
import { smallestIn } from '../../miners/batch/select-one.ts';
import type { Random } from '../../random/counter-random.ts';
import type { TrainingEmbeddings } from '../method.ts';
import { constant } from '../parts/constant.ts';

const ROUNDS = 20;

/**
 * k-means inside every class: Lloyd's iteration from k-means++ starts.
 *
 * @returns [classes, k, dim]; a class with fewer than k images has its first centroid again in the places left
 */
export function classClusters(whole: TrainingEmbeddings, k: number, random: Random): Float32Array {
  const { dim, classes, labels, embeddings } = whole;
  const members = Array.from({ length: classes }, (): number[] => []);
  for (const [image, label] of labels.entries()) members[label]?.push(image);
  const centroids = new Float32Array(classes * k * dim);
  for (const [label, images] of members.entries()) {
    if (images.length === 0) continue;
    const data = new Float32Array(images.length * dim);
    for (const [row, image] of images.entries())
      data.set(embeddings.subarray(image * dim, (image + 1) * dim), row * dim);
    const found = clustersOf({ data, rows: images.length, dim }, Math.min(k, images.length), random);
    for (let place = 0; place < k; place++) {
      const own = place * dim < found.length ? place * dim : 0;
      centroids.set(found.subarray(own, own + dim), (label * k + place) * dim);
    }
  }
  return centroids;
}

interface Points {
  readonly data: Float32Array;
  readonly rows: number;
  readonly dim: number;
}

function clustersOf(points: Points, k: number, random: Random): Float64Array {
  if (k === points.rows) return Float64Array.from(points.data);
  const centroids = startingPoints(points, k, random);
  const nearest = new Int32Array(points.rows).fill(-1);
  for (let round = 0; round < ROUNDS; round++) {
    if (!assign(points, centroids, nearest)) break;
    moveToMeans(points, centroids, nearest);
  }
  return centroids;
}

/** k-means++ (Arthur and Vassilvitskii, 2007): each next one in proportion to its squared distance to those so far. */
function startingPoints(points: Points, k: number, random: Random): Float64Array {
  const { data, rows, dim } = points;
  const centroids = new Float64Array(k * dim);
  const apart = new Float64Array(rows).fill(Infinity);
  let chosen = random.below(rows);
  for (let c = 0; c < k; c++) {
    centroids.set(data.subarray(chosen * dim, (chosen + 1) * dim), c * dim);
    for (let row = 0; row < rows; row++)
      apart[row] = Math.min(apart[row] as number, squareTo(points, row, centroids, c));
    let left = random.next() * apart.reduce((sum, square) => sum + square, 0);
    chosen = apart.findIndex((square) => square > 0 && (left -= square) < 0);
    if (chosen < 0) chosen = random.below(rows); // all points are centroids already
  }
  return centroids;
}

function squareTo({ data, dim }: Points, row: number, centroids: Float64Array, c: number): number {
  let square = 0;
  for (let d = 0; d < dim; d++)
    square += ((data[row * dim + d] as number) - (centroids[c * dim + d] as number)) ** 2;
  return square;
}

/** @returns whether any point changed its centroid */
function assign(points: Points, centroids: Float64Array, nearest: Int32Array): boolean {
  let changed = false;
  for (let row = 0; row < points.rows; row++) {
    let best = 0;
    let least = Infinity;
    for (let c = 0; c * points.dim < centroids.length; c++) {
      const square = squareTo(points, row, centroids, c);
      if (square < least) [best, least] = [c, square];
    }
    changed ||= nearest[row] !== best;
    nearest[row] = best;
  }
  return changed;
}

/** A centroid that lost all its points stays where it is. */
function moveToMeans({ data, dim }: Points, centroids: Float64Array, nearest: Int32Array): void {
  const counts = new Int32Array(centroids.length / dim);
  for (const c of nearest) counts[c] = (counts[c] as number) + 1;
  for (const [c, count] of counts.entries()) if (count > 0) centroids.fill(0, c * dim, (c + 1) * dim);
  for (const [row, c] of nearest.entries()) {
    const count = counts[c] as number;
    for (let d = 0; d < dim; d++)
      centroids[c * dim + d] = (centroids[c * dim + d] as number) + (data[row * dim + d] as number) / count;
  }
}

/**
 * Which cluster of its class each sample is nearest to; the smaller number of equals. No gradient.
 *
 * @param centroids [classes, k, dim]
 * @returns float32 [batch], label * k + place
 */
export function nearestClusters(
  embeddings: tf.Tensor2D,
  labels: tf.Tensor1D,
  centroids: tf.Tensor3D,
): tf.Tensor1D {
  const [classes, k, dim] = centroids.shape;
  // Not Gather: tfjs reads its indices, and a step that reads cannot be recorded.
  const rows = tf.reshape(centroids, [classes, k * dim]);
  const own = tf.reshape(tf.matMul(oneHotRows(labels, classes), rows), [-1, k, dim]);
  const apart = tf.sum<tf.Tensor2D>(tf.square(tf.sub(own, tf.expandDims(constant(embeddings), 1))), 2);
  const place = tf.sum(tf.mul(smallestIn(apart, tf.onesLike(apart)), tf.range(0, k, 1, 'float32')), 1);
  return tf.add<tf.Tensor1D>(tf.mul(tf.cast(labels, 'float32'), k), place);
}
