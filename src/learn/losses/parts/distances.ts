import * as tf from '@tensorflow/tfjs-core';
import { above } from './constant.ts';
import type { DistanceName } from './settings.ts';

/** All pairs' x_i . y_j. @returns [rows of x, rows of y] */
export const dotProducts = (x: tf.Tensor2D, y: tf.Tensor2D = x): tf.Tensor2D => tf.matMul(x, y, false, true);

/** Differences of all pairs are written out up to so many numbers: exact, where |x|^2 + |y|^2 - 2 x.y only rounds. */
const WRITTEN_OUT = 2 ** 22;
/** In the rounding form, squared distances below this share of the vectors' squared lengths count as 0. */
const ROUNDING = 4e-6;

/**
 * All pairs' |x_i - y_j|^2. Two copies of a row are at exactly 0.
 *
 * @returns [rows of x, rows of y]
 */
export function squaredDistances(x: tf.Tensor2D, y: tf.Tensor2D = x): tf.Tensor2D {
  if (x.shape[0] * y.shape[0] * x.shape[1] <= WRITTEN_OUT)
    return tf.sum(tf.square(tf.sub(tf.expandDims(x, 1), tf.expandDims(y, 0))), 2);
  const squares = (rows: tf.Tensor2D): tf.Tensor => tf.sum(tf.square(rows), 1);
  const sums = tf.add<tf.Tensor2D>(tf.expandDims(squares(x), 1), tf.expandDims(squares(y), 0));
  const rounded = tf.sub<tf.Tensor2D>(sums, tf.mul(dotProducts(x, y), 2));
  return tf.mul(tf.relu(rounded), above(rounded, tf.mul(sums, ROUNDING)));
}

/**
 * Square root whose slope at 0 is 0: two copies of an image pull at each other with no force, instead of an infinite
 * one.
 *
 * @param squares at least 0
 */
export const safeRoot = tf.customGrad((squares, save) => {
  const root = tf.sqrt(squares as tf.Tensor);
  (save as tf.GradSaveFunc)([root]);
  return {
    value: root,
    gradFunc: (dy: tf.Tensor, [root]: tf.Tensor[]) => tf.divNoNan(tf.mul(dy, 0.5), root as tf.Tensor),
  };
}) as <T extends tf.Tensor>(squares: T) => T;

/** All pairs' |x_i - y_j|. @returns [rows of x, rows of y] */
export const distances = (x: tf.Tensor2D, y: tf.Tensor2D = x): tf.Tensor2D =>
  safeRoot(squaredDistances(x, y));

/** All pairs' distance of the named kind. @returns [rows of x, rows of y] */
export const distancesOf = (name: DistanceName, x: tf.Tensor2D, y: tf.Tensor2D = x): tf.Tensor2D =>
  name === 'squared' ? squaredDistances(x, y) : distances(x, y);

/** |x_i - y_i|^2 row by row. @returns [rows] */
export const squaredRowDistances = (x: tf.Tensor2D, y: tf.Tensor2D): tf.Tensor1D =>
  tf.sum(tf.square(tf.sub(x, y)), 1);
