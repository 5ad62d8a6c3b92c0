import * as tf from '@tensorflow/tfjs-core';

/** All pairs' x_i . y_j. @returns [rows of x, rows of y] */
export const dotProducts = (x: tf.Tensor2D, y: tf.Tensor2D = x): tf.Tensor2D => tf.matMul(x, y, false, true);

/** All pairs' |x_i - y_j|^2, never below 0. @returns [rows of x, rows of y] */
export function squaredDistances(x: tf.Tensor2D, y: tf.Tensor2D = x): tf.Tensor2D {
  const squares = (rows: tf.Tensor2D): tf.Tensor => tf.sum(tf.square(rows), 1);
  const sums = tf.add(tf.expandDims(squares(x), 1), tf.expandDims(squares(y), 0));
  return tf.relu(tf.sub<tf.Tensor2D>(sums, tf.mul(dotProducts(x, y), 2)));
}

/**
 * Square root whose slope at 0 is 0: two copies of an image pull at each other with no force, instead of an infinite
 * one. Rounding leaves squared distances of copies at about 1e-7; those under `nearerThan` count as 0.
 */
export function safeRoot<T extends tf.Tensor>(squares: T, nearerThan = 1e-12): T {
  const away = tf.cast(tf.greater(squares, nearerThan), 'float32');
  // Zeros are moved to 1 before the root, whose slope there is finite, and are taken out after it.
  return tf.mul(tf.sqrt(tf.add(tf.mul(squares, away), tf.sub(1, away))), away);
}

/** All pairs' |x_i - y_j|. @returns [rows of x, rows of y] */
export const distances = (x: tf.Tensor2D, y: tf.Tensor2D = x): tf.Tensor2D =>
  safeRoot(squaredDistances(x, y));

/** |x_i - y_i|^2 row by row. @returns [rows] */
export const squaredRowDistances = (x: tf.Tensor2D, y: tf.Tensor2D): tf.Tensor1D =>
  tf.sum(tf.square(tf.sub(x, y)), 1);
