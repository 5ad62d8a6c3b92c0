import * as tf from '@tensorflow/tfjs-core';
import type { z } from 'zod';
import type { MethodLoss } from '../method.ts';
import { above, untaped } from './constant.ts';
import type { reduction } from './settings.ts';

/** Terms of a loss, and which of them count. */
export interface Terms {
  /** Any shape. */
  readonly values: tf.Tensor;
  /** 1 where a term counts, 0 where not; of the values' shape. All count where left out. */
  readonly mask?: tf.Tensor | undefined;
}

/** From the terms of a loss to one number; 0 with gradient 0 where no term counts. */
export type Reducer = (terms: Terms) => tf.Scalar;

const counted = ({ values, mask }: Terms): tf.Tensor => (mask ? tf.mul(values, mask) : values);

/** Mean over all terms that count. */
export const meanOf: Reducer = (terms) =>
  terms.mask
    ? tf.div(tf.sum(counted(terms)), tf.maximum(tf.sum(terms.mask), 1))
    : tf.mean<tf.Scalar>(terms.values);

/** Mean over the terms that count and are above 0: those that still teach something. */
export const meanOfActive: Reducer = (terms) => {
  const values = counted(terms);
  return tf.div(tf.sum(values), tf.maximum(tf.sum(above(values, 0)), 1));
};

export const reducers: Readonly<Record<z.infer<typeof reduction>, Reducer>> = {
  active: meanOfActive,
  all: meanOf,
};

/** Share of the terms that count whose loss is above 0; 0 where none counts. */
export const activeShare = ({ values, mask }: Terms): tf.Scalar =>
  untaped(() => meanOf({ values: above(values, 0), mask }));

/**
 * Of terms over [batch, ...], each row's mean of those that count: what an anchor has of the loss. Only to be
 * looked at: no gradient passes. @returns [batch]
 */
export const meanOfRows = (terms: Terms): tf.Tensor1D =>
  untaped(() => {
    if (terms.values.rank === 1) return counted(terms) as tf.Tensor1D;
    const rest = terms.values.shape.map((_, axis) => axis).slice(1);
    const mask = terms.mask ?? tf.onesLike(terms.values);
    return tf.div<tf.Tensor1D>(tf.sum(counted(terms), rest), tf.maximum(tf.sum(mask, rest), 1));
  });

/** A loss whose terms are its samples. @param perSample [batch] */
export const meanOfSamples = (perSample: tf.Tensor1D): MethodLoss => ({
  value: tf.mean<tf.Scalar>(perSample),
  perSample,
});
