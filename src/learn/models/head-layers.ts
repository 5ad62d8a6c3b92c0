import * as tf from '@tensorflow/tfjs-core';
import {
  HEAD_BIAS,
  HEAD_KERNEL,
  HEAD_NORM_BETA,
  HEAD_NORM_GAMMA,
  HEAD_POOLING,
  type Weights,
} from './weights.ts';

/** Added to the variance of a row, as torch's LayerNorm does. */
const LAYER_NORM_EPSILON = 1e-5;

/** How a feature map becomes the vector that the head gets. */
export type HeadInput =
  { readonly kind: 'flat' } | { readonly kind: 'pooled'; readonly average: number; readonly largest: number };

/** The arrays tell: a head that takes more numbers than the map has channels takes the whole map. */
export function headInputOf(weights: Weights, featureDim: number): HeadInput {
  const taken = weights.get(HEAD_KERNEL)?.shape[0] ?? featureDim;
  if (taken !== featureDim) return { kind: 'flat' };
  const [average = 1, largest = 0] = weights.get(HEAD_POOLING)?.data ?? [];
  return { kind: 'pooled', average, largest };
}

/** Names and shapes of the arrays that the head has. */
export function headShapes(
  weights: Weights,
  featureDim: number,
  dim: number,
): [name: string, shape: number[]][] {
  const taken = weights.get(HEAD_KERNEL)?.shape[0] ?? featureDim;
  const shapes: [string, number[]][] = [
    [HEAD_KERNEL, [taken, dim]],
    [HEAD_BIAS, [dim]],
  ];
  if (weights.has(HEAD_NORM_GAMMA)) shapes.push([HEAD_NORM_GAMMA, [dim]], [HEAD_NORM_BETA, [dim]]);
  return shapes;
}

/** Global average of a map. [batch, channels] */
export const globalAverage = (map: tf.Tensor4D): tf.Tensor2D => tf.mean(map, [1, 2]);

/**
 * @param map     [batch, height, width, channels]
 * @param average of the map, where it is known already
 * @returns [batch, channels], or [batch, height * width * channels]
 */
export function headInput(
  map: tf.Tensor4D,
  input: HeadInput,
  average: tf.Tensor2D = globalAverage(map),
): tf.Tensor2D {
  if (input.kind === 'flat') return tf.reshape(map, [map.shape[0], -1]);
  const averagePart = input.average === 1 ? average : tf.mul<tf.Tensor2D>(average, input.average);
  if (input.largest === 0) return averagePart;
  return tf.add(averagePart, tf.mul(tf.max(map, [1, 2]), input.largest));
}

/**
 * Linear layer and, where its arrays are there, layer norm.
 *
 * @param arrays by name
 * @returns [batch, dim], not yet of unit length
 */
export function runHead(input: tf.Tensor2D, arrays: ReadonlyMap<string, tf.Tensor>): tf.Tensor2D {
  const of = (name: string): tf.Tensor => arrays.get(name) as tf.Tensor;
  const linear = tf.add<tf.Tensor2D>(tf.matMul(input, of(HEAD_KERNEL)), of(HEAD_BIAS));
  if (!arrays.has(HEAD_NORM_GAMMA)) return linear;
  const centered = tf.sub(linear, tf.mean(linear, 1, true));
  const variance = tf.mean(tf.square(centered), 1, true);
  const standard = tf.mul(centered, tf.rsqrt(tf.add(variance, LAYER_NORM_EPSILON)));
  return tf.add(tf.mul(standard, of(HEAD_NORM_GAMMA)), of(HEAD_NORM_BETA));
}
