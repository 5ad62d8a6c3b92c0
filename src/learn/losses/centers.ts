import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../random/counter-random.ts';

/** Centres as the published code starts them: kaiming-uniform with a = sqrt(5), which is uniform in +-1/sqrt(fan in). */
export function initialCenters(dim: number, columns: number, random: Random): Float32Array {
  // torch counts the second axis of [dim, columns] as fan in.
  const bound = 1 / Math.sqrt(columns);
  return Float32Array.from({ length: dim * columns }, () => (2 * random.next() - 1) * bound);
}

/** Columns of [dim, columns] scaled to unit length; a column of zeros stays zero, with gradient zero. */
export const unitColumns = (matrix: tf.Tensor2D): tf.Tensor2D => unitAlong(matrix, 0);

/** Rows of [rows, dim] scaled to unit length; a row of zeros stays zero, with gradient zero. */
export const unitRows = (matrix: tf.Tensor2D): tf.Tensor2D => unitAlong(matrix, 1);

/** Squared length under which a vector has no direction. */
const NO_DIRECTION = 1e-24;

function unitAlong(matrix: tf.Tensor2D, axis: number): tf.Tensor2D {
  const scaled = tf.customGrad((matrix, save) => {
    const squares = tf.sum(tf.square(matrix as tf.Tensor), axis, true);
    const pointing = tf.cast(tf.greater(squares, NO_DIRECTION), 'float32');
    // Not rsqrt: TensorFlow rounds it differently at the end of a tensor, and two copies of a row would differ.
    const inverse = tf.div(pointing, tf.sqrt(tf.maximum(squares, NO_DIRECTION)));
    const unit = tf.mul(matrix as tf.Tensor, inverse);
    (save as tf.GradSaveFunc)([unit, inverse]);
    const gradFunc = (dy: tf.Tensor, [unit, inverse]: tf.Tensor[]): tf.Tensor => {
      // What points along the vector changes its length only.
      const along = tf.mul(unit as tf.Tensor, tf.sum(tf.mul(dy, unit as tf.Tensor), axis, true));
      return tf.mul(tf.sub(dy, along), inverse as tf.Tensor);
    };
    return { value: unit, gradFunc };
  });
  return scaled(matrix) as tf.Tensor2D;
}

/**
 * Clusters of centres within each class: centres nearer than `nearerThan` count as one.
 *
 * @param centers values [dim, classes * perClass], column = class * perClass + k
 * @returns distinct centres of each class [classes]
 */
export function distinctCenters(
  centers: Float32Array,
  dim: number,
  perClass: number,
  nearerThan = 0.1,
): Int32Array {
  const columns = centers.length / dim;
  const counts = new Int32Array(columns / perClass);
  const unit = unitColumnValues(centers, dim, columns);
  for (let label = 0; label < counts.length; label++) {
    const parent = Int32Array.from({ length: perClass }, (_, k) => k);
    const root = (k: number): number => {
      while (parent[k] !== k) k = parent[k] as number;
      return k;
    };
    for (let a = 0; a < perClass; a++) {
      for (let b = a + 1; b < perClass; b++) {
        const distance = columnDistance(unit, dim, columns, label * perClass + a, label * perClass + b);
        if (distance < nearerThan) parent[root(b)] = root(a);
      }
    }
    counts[label] = parent.filter((p, k) => p === k).length;
  }
  return counts;
}

function unitColumnValues(centers: Float32Array, dim: number, columns: number): Float64Array {
  const unit = Float64Array.from(centers);
  for (let column = 0; column < columns; column++) {
    let square = 0;
    for (let d = 0; d < dim; d++) square += (unit[d * columns + column] as number) ** 2;
    const norm = Math.max(Math.sqrt(square), 1e-12);
    for (let d = 0; d < dim; d++) unit[d * columns + column] = (unit[d * columns + column] as number) / norm;
  }
  return unit;
}

function columnDistance(unit: Float64Array, dim: number, columns: number, a: number, b: number): number {
  let square = 0;
  for (let d = 0; d < dim; d++)
    square += ((unit[d * columns + a] as number) - (unit[d * columns + b] as number)) ** 2;
  return Math.sqrt(square);
}
