import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../kernels.ts';
import { Attributes, type NativeBackend } from './native-backend.ts';

/** Softmax cross entropy whose kernel returns the gradient with the loss. */
export function nativeCrossEntropy(backend: NativeBackend): Kernels['softmaxCrossEntropy'] {
  const a = new Attributes(backend.binding);
  const attributes = [a.type(), a.type('Tlabels', backend.binding.TF_INT32)];
  return (logits, labels) => {
    const rowLosses = tf.customGrad((logits, save) => {
      const [loss, slope] = backend.executeMultipleOutputs(
        'SparseSoftmaxCrossEntropyWithLogits',
        attributes,
        [logits as tf.Tensor, labels],
        2,
      );
      if (!loss || !slope) throw new Error('SparseSoftmaxCrossEntropyWithLogits returned too little');
      (save as tf.GradSaveFunc)([slope]);
      return {
        value: loss,
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
          tf.mul(tf.reshape(dy, [-1, 1]), saved[0] as tf.Tensor),
      };
    });
    return rowLosses(logits) as tf.Tensor1D;
  };
}
