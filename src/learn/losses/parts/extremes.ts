import type * as tf from '@tensorflow/tfjs-core';
import { smallestIn } from '../../miners/batch/select-one.ts';
import { constant } from './constant.ts';

/** `smallestIn`, inside a loss: where the smallest of the allowed values stands in each row, without gradient. */
export const leastOf = <T extends tf.Tensor>(values: tf.Tensor, allowed: T): T =>
  smallestIn(constant(values), allowed);
