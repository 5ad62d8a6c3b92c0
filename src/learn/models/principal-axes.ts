import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../random/counter-random.ts';

const ROUNDS = 12;
const EXTRA_AXES = 10;

/** Directions of greatest variance. */
export interface PrincipalAxes {
  /** [features, count], columns of unit length, greatest variance first; zeros where there are fewer features. */
  readonly axes: Float32Array;
  /** [features] */
  readonly mean: Float32Array;
}

/**
 * Principal axes by subspace iteration with a few axes to spare, ordered by their variance.
 *
 * @param rows [samples, features]
 */
export function principalAxes(rows: tf.Tensor2D, count: number, random: Random): PrincipalAxes {
  const [samples, features] = rows.shape;
  const wide = Math.min(count + EXTRA_AXES, features);
  return tf.tidy(() => {
    const mean = tf.mean(rows, 0);
    const centered = tf.sub(rows, mean);
    const covariance = tf.div<tf.Tensor2D>(
      tf.matMul(centered, centered, true, false),
      Math.max(1, samples - 1),
    );
    let basis = Float64Array.from({ length: features * wide }, () => random.normal());
    orthonormalize(basis, features, wide);
    for (let round = 0; round < ROUNDS; round++) {
      const product = tf.matMul(covariance, tf.tensor2d(Float32Array.from(basis), [features, wide]));
      basis = Float64Array.from(product.dataSync());
      orthonormalize(basis, features, wide);
    }
    // Subspace iteration settles the space; its own axes come out nearly in order, the variances make sure.
    const settled = tf.tensor2d(Float32Array.from(basis), [features, wide]);
    const variances = tf.sum(tf.mul(settled, tf.matMul(covariance, settled)), 0).dataSync();
    const order = [...variances.keys()].sort((a, b) => (variances[b] as number) - (variances[a] as number));
    const axes = new Float32Array(features * count);
    for (let f = 0; f < features; f++) {
      for (const [k, axis] of order.slice(0, count).entries())
        axes[f * count + k] = basis[f * wide + axis] as number;
    }
    return { axes, mean: mean.dataSync<'float32'>().slice() };
  });
}

/** Gram and Schmidt over the columns of [rows, columns], twice for accuracy. */
function orthonormalize(matrix: Float64Array, rows: number, columns: number): void {
  const dot = (a: number, b: number): number => {
    let sum = 0;
    for (let r = 0; r < rows; r++)
      sum += (matrix[r * columns + a] as number) * (matrix[r * columns + b] as number);
    return sum;
  };
  for (let column = 0; column < columns; column++) {
    for (let pass = 0; pass < 2; pass++) {
      for (let earlier = 0; earlier < column; earlier++) {
        const share = dot(column, earlier);
        for (let r = 0; r < rows; r++) {
          const i = r * columns;
          matrix[i + column] = (matrix[i + column] as number) - share * (matrix[i + earlier] as number);
        }
      }
    }
    const norm = Math.sqrt(dot(column, column)) || 1;
    for (let r = 0; r < rows; r++)
      matrix[r * columns + column] = (matrix[r * columns + column] as number) / norm;
  }
}
