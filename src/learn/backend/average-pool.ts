import * as tf from '@tensorflow/tfjs-core';
import { type WindowSpec, padded, windowsOver } from './padded.ts';
import type { Windows } from './windows.ts';

export interface AveragePoolSpec extends WindowSpec {
  readonly size: number;
  /** Divide by all cells of a window; else by those that lie in the image. */
  readonly countPadding: boolean;
}

/**
 * Mean of square windows. The image is padded first and the windows then lie inside: tfjs's own gradient of a padded
 * average pool is wrong at the border on other backends than TensorFlow's.
 */
export function averagePool(x: tf.Tensor4D, spec: AveragePoolSpec): tf.Tensor4D {
  const { size, stride, padding } = spec;
  const [rows, columns] = windowsOver(x, [size, size], spec);
  const isPadded = rows.before + rows.after + columns.before + columns.after > 0;
  const means = tf.avgPool(isPadded ? padded(x, rows, columns) : x, size, stride, 'valid');
  if (!isPadded) return means;
  const [, height, width] = x.shape;
  const border = spec.countPadding && padding !== 'same' ? padding : 0;
  const tall = countedCells(rows, height, border, spec);
  const wide = countedCells(columns, width, border, spec);
  const factors = tall.flatMap((h) => wide.map((w) => (size * size) / (h * w)));
  if (factors.every((factor) => factor === 1)) return means;
  return tf.mul(means, tf.tensor4d(factors, [1, rows.count, columns.count, 1]));
}

/** Cells of each window that lie in the image or in the `border` around it. */
const countedCells = (
  { before, count }: Windows,
  length: number,
  border: number,
  { size, stride }: AveragePoolSpec,
): number[] =>
  Array.from({ length: count }, (_, i) => {
    const begin = i * stride - before;
    return Math.min(begin + size, length + border) - Math.max(begin, -border);
  });
