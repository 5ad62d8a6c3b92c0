import * as tf from '@tensorflow/tfjs-core';

/** Running statistics of a batch norm that do not change, as the fold needs them. */
export interface FrozenNorm {
  readonly mean: tf.Tensor1D;
  /** 1 / sqrt(variance + epsilon). */
  readonly inverseDeviation: tf.Tensor1D;
}

export function frozenNorm(mean: tf.Tensor1D, variance: tf.Tensor1D, epsilon: number): FrozenNorm {
  return { mean, inverseDeviation: tf.tidy(() => tf.rsqrt(tf.add(variance, epsilon))) };
}

/** What a frozen norm does to a channel: x * scale + shift. Differentiable in gamma and beta. */
export function scaleAndShift(
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  { mean, inverseDeviation }: FrozenNorm,
): { readonly scale: tf.Tensor1D; readonly shift: tf.Tensor1D } {
  const scale = tf.mul<tf.Tensor1D>(gamma, inverseDeviation);
  return { scale, shift: tf.sub(beta, tf.mul(mean, scale)) };
}

/**
 * Filter and bias of a convolution that does what the convolution and its frozen batch norm did:
 * filter * gamma * inverseDeviation and beta + (bias - mean) * gamma * inverseDeviation. Differentiable in filter, bias,
 * gamma and beta, at the cost of the filter's size and not of the feature map's.
 *
 * @param filter [kh, kw, in, out], or [kh, kw, channels, 1] where depthwise
 * @param bias   of the convolution under the norm, if it has one
 */
export function foldNorm(
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | null,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  norm: FrozenNorm,
  depthwise: boolean,
): [filter: tf.Tensor4D, bias: tf.Tensor1D] {
  const { scale, shift } = scaleAndShift(gamma, beta, norm);
  const perFilter = depthwise ? tf.reshape(scale, [-1, 1]) : scale;
  return [tf.mul(filter, perFilter), bias ? tf.add(shift, tf.mul(bias, scale)) : shift];
}
