import * as tf from '@tensorflow/tfjs-core';

/**
 * The rows of a table that no gradient moves, by number. Not tf.gather: TensorFlow's reads the numbers to check them,
 * which keeps a step from being recorded.
 *
 * @param table   [rows, ...]
 * @param numbers int32, any shape
 * @returns [...numbers, ...]
 */
export const rowsOf = <T extends tf.Tensor>(table: tf.Tensor, numbers: tf.Tensor): T =>
  tf.gatherND(table, tf.expandDims(numbers, -1)) as T;
