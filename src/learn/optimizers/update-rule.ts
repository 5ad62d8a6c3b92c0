import type * as tf from '@tensorflow/tfjs-core';

/** An input of a TensorFlow kernel behind the variables: a number of the step by its position, a constant, the gradient. */
export type KernelInput = 'gradient' | { readonly number: number } | { readonly constant: number };

/** A kernel of TensorFlow that does what `update` does, in place. Its first inputs are the value and the slots. */
export interface UpdateKernel {
  readonly name: string;
  readonly inputs: readonly KernelInput[];
  readonly switches: Readonly<Record<string, boolean>>;
}

export interface Moved {
  readonly value: tf.Tensor;
  /** In the order of the rule's slots. */
  readonly slots: readonly tf.Tensor[];
}

/** How an optimiser moves one array by its gradient. */
export interface UpdateRule {
  /** Arrays of the parameter's shape that it keeps; 0 at the start. */
  readonly slots: readonly string[];
  /**
   * What changes from step to step, worked out in double precision; as many numbers for every step.
   *
   * @param t    how often the parameter moves with this, from 1
   * @param rate learning rate
   */
  numbers(t: number, rate: number): readonly number[];
  /**
   * Whether weight decay takes rate * decay of the value before the step (decoupled), and not as a part of the gradient.
   * The rate is then the last of the numbers.
   */
  readonly decoupledDecay: boolean;
  /** From plain operations. */
  update(
    value: tf.Tensor,
    slots: readonly tf.Tensor[],
    gradient: tf.Tensor,
    numbers: readonly tf.Tensor[],
  ): Moved;
  /** null where TensorFlow has none that counts the same. */
  readonly kernel: UpdateKernel | null;
}
