import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from '../kernels.ts';
import { Attributes, type NativeBackend } from './native-backend.ts';

export type Activate = (x: tf.Tensor4D, activation: Activation) => tf.Tensor4D;

/** Rectifiers whose gradient is one kernel that looks at the output, so that the input need not be kept. */
export function nativeActivation(backend: NativeBackend): Activate {
  const float = [new Attributes(backend.binding).type()];
  const rectifier = (forward: string, backward: string) => (x: tf.Tensor4D) =>
    tf.customGrad((x, save) => {
      const y = backend.executeSingleOutput(forward, float, [x as tf.Tensor]);
      (save as tf.GradSaveFunc)([y]);
      return {
        value: y,
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
          backend.executeSingleOutput(backward, float, [dy, ...saved]),
      };
    })(x) as tf.Tensor4D;
  const relu = rectifier('Relu', 'ReluGrad');
  const relu6 = rectifier('Relu6', 'Relu6Grad');
  return (x, activation) => (activation === 'relu' ? relu(x) : activation === 'relu6' ? relu6(x) : x);
}
