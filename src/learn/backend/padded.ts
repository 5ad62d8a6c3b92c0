import * as tf from '@tensorflow/tfjs-core';
import { type Padding, type Windows, isSame, windowsAlong } from './windows.ts';

export interface WindowSpec {
  readonly stride: number;
  readonly padding: Padding;
  readonly ceil?: boolean;
}

/** An image that needs no other padding than tfjs's own. */
export interface Padded {
  readonly x: tf.Tensor4D;
  readonly pad: 'same' | 'valid';
}

/**
 * Pads with zeros where neither SAME nor VALID lays the windows as the layer wants them. Padding as an operation of its
 * own keeps to what every backend has: numbers as padding are refused by tfjs-node, and explicit ones by oneDNN.
 *
 * @param size [height, width] of the window
 */
export function paddedFor(x: tf.Tensor4D, size: readonly [number, number], spec: WindowSpec): Padded {
  const [rows, columns] = windowsOver(x, size, spec);
  if (spec.padding === 'same') return { x, pad: 'same' };
  const isValid = rows.before + rows.after + columns.before + columns.after === 0;
  if (isValid) return { x, pad: 'valid' };
  const [, height, width] = x.shape;
  if (isSame(rows, height, size[0], spec.stride) && isSame(columns, width, size[1], spec.stride))
    return { x, pad: 'same' };
  return { x: padded(x, rows, columns), pad: 'valid' };
}

export function windowsOver(
  x: tf.Tensor4D,
  size: readonly [number, number],
  { stride, padding, ceil = false }: WindowSpec,
): [rows: Windows, columns: Windows] {
  const [, height, width] = x.shape;
  return [
    windowsAlong(height, size[0], stride, padding, ceil),
    windowsAlong(width, size[1], stride, padding, ceil),
  ];
}

export const padded = (x: tf.Tensor4D, rows: Windows, columns: Windows): tf.Tensor4D =>
  tf.pad(x, [
    [0, 0],
    [rows.before, rows.after],
    [columns.before, columns.after],
    [0, 0],
  ]);
