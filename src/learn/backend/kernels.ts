import type * as tf from '@tensorflow/tfjs-core';
import type { DecayedParameter, Optimizer } from '../optimizers/optimizer.ts';
import type { UpdateRule } from '../optimizers/update-rule.ts';
import type { Padding } from './windows.ts';

export type Activation = 'none' | 'relu' | 'relu6';

export interface ConvolutionSpec {
  readonly stride: number;
  readonly padding: Padding;
  /** One filter a channel (`filter` is [kh, kw, channels, 1]) instead of a full convolution. */
  readonly depthwise: boolean;
  readonly activation: Activation;
}

/** Square windows, laid as torch does. */
export interface MaxPoolSpec {
  readonly size: number;
  readonly stride: number;
  readonly padding: Padding;
  /** A last window may reach over the end. */
  readonly ceil: boolean;
}

export interface BatchNormState {
  readonly gamma: tf.Tensor1D;
  readonly beta: tf.Tensor1D;
  readonly movingMean: tf.Variable;
  readonly movingVariance: tf.Variable;
}

export interface BatchNormOptions {
  readonly epsilon: number;
  /** Share of the batch in the new running statistics (the convention of torch). */
  readonly momentum: number;
}

/** A trained array and the group that its learning rate comes from. */
export interface Parameter {
  readonly name: string;
  readonly group: number;
  readonly variable: tf.Variable;
}

/**
 * What the networks and the optimiser ask of the backend beyond tfjs-core: operations that TensorFlow has as one
 * kernel and tfjs makes of many. Every one has a composed version with the same results; tensors are NHWC.
 */
export interface Kernels {
  readonly id: 'native' | 'composed';
  /** activation(convolution(x, filter) + bias), differentiable in all three. */
  convolve(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D, spec: ConvolutionSpec): tf.Tensor4D;
  /** Normalises by the batch's own statistics and moves the running ones; differentiable in x, gamma, beta. */
  batchNorm(x: tf.Tensor4D, state: BatchNormState, options: BatchNormOptions): tf.Tensor4D;
  activate(x: tf.Tensor4D, activation: Activation): tf.Tensor4D;
  /** Largest value of each window of an image without negative values; outside of it is 0. */
  maxPool(x: tf.Tensor4D, spec: MaxPoolSpec): tf.Tensor4D;
  /** Cross entropy of softmax(logits [batch, classes]) with int32 labels [batch]; one loss a row. */
  softmaxCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D;
  /** Takes the parameters over: their variables are moved by it from then on. */
  createOptimizer(parameters: readonly DecayedParameter[], rule: UpdateRule): Optimizer;
}
