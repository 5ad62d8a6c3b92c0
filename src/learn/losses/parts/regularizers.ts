import * as tf from '@tensorflow/tfjs-core';

/** Mean over rows of |x|^2. @param x [rows, dim] */
export const meanSquaredLength = (x: tf.Tensor2D): tf.Scalar => tf.mean(tf.sum(tf.square(x), 1));
