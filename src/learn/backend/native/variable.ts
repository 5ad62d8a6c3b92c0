import * as tf from '@tensorflow/tfjs-core';

/**
 * Makes a variable, whose own data was disposed of, show the data of `tensor` without copying; `tensor` is used up.
 */
export function repoint(variable: tf.Variable, tensor: tf.Tensor): void {
  variable.dataId = tensor.dataId;
  tf.engine().incRef(variable, null as never);
  tensor.dispose();
}
