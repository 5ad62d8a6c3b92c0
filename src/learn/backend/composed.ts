import * as tf from '@tensorflow/tfjs-core';
import { ComposedOptimizer } from './composed-optimizer.ts';
import type { Activation, BatchNormOptions, BatchNormState, ConvolutionSpec, Kernels } from './kernels.ts';
import { oneHotRows } from './one-hot.ts';
import { paddedFor } from './padded.ts';

/** The kernels made of plain tfjs operations: they run on every backend and are what the native ones are checked against. */
export const composedKernels: Kernels = {
  id: 'composed',

  convolve(x, filter, bias, spec) {
    return composedKernels.activate(tf.add(convolution(x, filter, spec), bias), spec.activation);
  },

  batchNorm(x: tf.Tensor4D, state: BatchNormState, { epsilon, momentum }: BatchNormOptions): tf.Tensor4D {
    const { mean, variance } = tf.moments(x, [0, 1, 2]);
    const perChannel = x.size / (x.shape[3] || 1);
    const unbiased = perChannel > 1 ? perChannel / (perChannel - 1) : 1;
    moveTowards(state.movingMean, mean, momentum, 1);
    moveTowards(state.movingVariance, variance, momentum, unbiased);
    return tf.batchNorm4d(x, mean as tf.Tensor1D, variance as tf.Tensor1D, state.beta, state.gamma, epsilon);
  },

  activate(x: tf.Tensor4D, activation: Activation): tf.Tensor4D {
    if (activation === 'relu') return tf.relu(x);
    return activation === 'relu6' ? tf.relu6(x) : x;
  },

  maxPool(x, spec) {
    const window = paddedFor(x, [spec.size, spec.size], spec);
    return tf.maxPool(window.x, spec.size, spec.stride, window.pad);
  },

  softmaxCrossEntropy(logits, labels) {
    const chosen = tf.mul(tf.logSoftmax(logits), oneHotRows(labels, logits.shape[1]));
    return tf.neg(tf.sum(chosen, 1));
  },

  createOptimizer: (parameters, rule) => new ComposedOptimizer(parameters, rule),
};

export function convolution(x: tf.Tensor4D, filter: tf.Tensor4D, spec: ConvolutionSpec): tf.Tensor4D {
  const [height, width] = filter.shape;
  const window = paddedFor(x, [height, width], spec);
  return spec.depthwise
    ? tf.depthwiseConv2d(window.x, filter, spec.stride, window.pad)
    : tf.conv2d(window.x, filter, spec.stride, window.pad);
}

function moveTowards(running: tf.Variable, batch: tf.Tensor, momentum: number, factor: number): void {
  tf.tidy(() => {
    running.assign(tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum * factor)));
  });
}
