import type * as tf from '@tensorflow/tfjs-core';

export type Activation = 'none' | 'relu' | 'relu6';

export interface ConvolutionSpec {
  readonly stride: number;
  /** One filter a channel (`filter` is [kh, kw, channels, 1]) instead of a full convolution. */
  readonly depthwise: boolean;
  readonly activation: Activation;
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

/** Numbers of one Adam step, already corrected for the bias of the running moments. */
export interface AdamRates {
  /** For each group: rate * sqrt(1 - beta2^t) / (1 - beta1^t). */
  readonly groupRates: readonly tf.Tensor[];
  /** eps * sqrt(1 - beta2^t): eps is added after the bias correction, as in torch. */
  readonly epsilon: tf.Tensor;
}

export interface MomentArrays {
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** Owns the parameters' moments; `apply` updates variables in place. */
export interface AdamUpdater {
  /** @param gradients in the order of the parameters; they stay the caller's */
  apply(gradients: readonly tf.Tensor[], rates: AdamRates): void;
  readMoments(): MomentArrays[];
  writeMoments(moments: readonly MomentArrays[]): void;
  /** Sets the value of a parameter, as loading a checkpoint does. */
  writeParameter(index: number, values: Float32Array): void;
  dispose(): void;
}

/**
 * What the networks and the optimiser ask of the backend beyond tfjs-core: operations that TensorFlow has as one
 * kernel and tfjs makes of many. Every one has a composed version with the same results; tensors are NHWC, padding is
 * TensorFlow's SAME.
 */
export interface Kernels {
  readonly id: 'native' | 'composed';
  /** activation(convolution(x, filter) + bias), differentiable in all three. */
  convolve(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D, spec: ConvolutionSpec): tf.Tensor4D;
  /** Normalises by the batch's own statistics and moves the running ones; differentiable in x, gamma, beta. */
  batchNorm(x: tf.Tensor4D, state: BatchNormState, options: BatchNormOptions): tf.Tensor4D;
  activate(x: tf.Tensor4D, activation: Activation): tf.Tensor4D;
  /** Cross entropy of softmax(logits [batch, classes]) with int32 labels [batch]; one loss a row. */
  softmaxCrossEntropy(logits: tf.Tensor2D, labels: tf.Tensor1D): tf.Tensor1D;
  createAdam(parameters: readonly Parameter[], beta1: number, beta2: number): AdamUpdater;
}
