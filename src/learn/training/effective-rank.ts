import * as tf from '@tensorflow/tfjs-core';
import { symmetricEigenvalues } from './symmetric-eigenvalues.ts';

/** More rows change the number little. */
const MAX_ROWS = 2000;

/**
 * How many directions the rows fill: exp of the entropy of the singular values, divided by their sum. 1 where all rows
 * are parallel, the number of dimensions where they fill all alike.
 * Roy and Vetterli, "The effective rank: a measure of effective dimensionality", EUSIPCO 2007.
 *
 * @param rows [rows, dim]; evenly spaced ones where there are more than 2,000
 * @returns 0 where every row is 0, NaN where a value is not finite
 */
export function effectiveRank(rows: tf.Tensor2D): number {
  const [count, dim] = rows.shape;
  const products = tf.tidy(() => {
    const chosen = Array.from({ length: MAX_ROWS }, (_, i) => Math.floor((i * count) / MAX_ROWS));
    const taken = count > MAX_ROWS ? tf.gather(rows, tf.tensor1d(chosen, 'int32')) : rows;
    // The singular values are the roots of this matrix's eigenvalues; the smaller of the two products has them all.
    return tf.matMul(taken, taken, count >= dim, count < dim).dataSync();
  });
  if (!products.every(Number.isFinite)) return NaN;
  const eigenvalues = symmetricEigenvalues(Float64Array.from(products), Math.min(count, dim));
  // What rounding leaves of a direction that is not there.
  const noise = Math.max(0, ...eigenvalues) * 1e-6;
  const singular = [...eigenvalues].map((value) => (value > noise ? Math.sqrt(value) : 0));
  const sum = singular.reduce((total, value) => total + value, 0);
  if (sum === 0) return 0;
  const entropy = singular.reduce(
    (total, value) => (value === 0 ? total : total - (value / sum) * Math.log(value / sum)),
    0,
  );
  return Math.exp(entropy);
}
