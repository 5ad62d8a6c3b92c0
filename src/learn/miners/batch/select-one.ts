import * as tf from '@tensorflow/tfjs-core';
import { constant } from '../../losses/parts/constant.ts';

/** Larger than any distance, and far enough from float32's end that adding to it stays finite. */
const FAR = 1e30;

/**
 * Along the last axis, where the smallest of the allowed values stands; the smaller index of equal ones.
 *
 * @param values  any shape
 * @param allowed of the values' shape or broadcast to it, 1 or 0
 * @returns of the broadcast shape: a single 1 in every row, none where nothing is allowed; without gradient
 */
export function smallestIn<T extends tf.Tensor>(values: tf.Tensor, allowed: T): T {
  const masked = tf.add(tf.mul(constant(values), allowed), tf.mul(tf.sub(1, allowed), FAR));
  const reached = tf.mul(tf.cast(tf.equal(masked, tf.min(masked, -1, true)), 'float32'), allowed);
  // Not argMin: backends differ in which of equal values they name.
  const width = reached.shape.at(-1)!;
  const places = tf.range(0, width, 1, 'float32');
  const placed = tf.add(tf.mul(places, reached), tf.mul(tf.sub(1, reached), width));
  const first = tf.min(placed, -1, true);
  return tf.mul(tf.cast(tf.equal(placed, first), 'float32'), reached);
}

/** As `smallestIn`, for the largest. */
export const largestIn = <T extends tf.Tensor>(values: tf.Tensor, allowed: T): T =>
  smallestIn(tf.neg(values), allowed);

/** 1 for rows that have a 1, along the last axis, which stays with length 1. */
export const hasAny = (mask: tf.Tensor): tf.Tensor => tf.max(mask, -1, true);
