import type * as tf from '@tensorflow/tfjs-core';
import type { Parameter } from '../backend/kernels.ts';

/** A parameter with its share of the loss decay/2 * |value|^2. */
export interface DecayedParameter extends Parameter {
  readonly decay: number;
}

/** Owns the parameters' state and moves them in place by an update rule. */
export interface Optimizer {
  /**
   * @param gradients in the order of the parameters, without decay; they stay the caller's. null leaves one as it is.
   * @param numbers   for each group what the rule's `numbers` gave, as scalars
   */
  apply(gradients: readonly (tf.Tensor | null)[], numbers: readonly (readonly tf.Tensor[])[]): void;
  /** Sum of a gradient's squares. */
  sumOfSquares(gradient: tf.Tensor): tf.Scalar;
  /** Values of the slots. [parameter][slot] */
  readState(): Float32Array[][];
  writeState(state: readonly (readonly Float32Array[])[]): void;
  /** Sets the value of a parameter, as loading a checkpoint does. */
  writeParameter(index: number, values: Float32Array): void;
  dispose(): void;
}
