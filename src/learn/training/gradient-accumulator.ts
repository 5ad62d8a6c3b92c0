import * as tf from '@tensorflow/tfjs-core';
import type { Parameter } from '../backend/kernels.ts';

/** Sums of gradients over several batches, one array a parameter, kept as variables so that a step can be recorded. */
export class GradientAccumulator {
  readonly variables: readonly tf.Variable[];
  readonly #share: number;

  /** @param batches whose gradients make one update, each with the same share */
  constructor(parameters: readonly Parameter[], batches: number) {
    this.#share = 1 / batches;
    this.variables = parameters.map(({ variable }) =>
      tf.tidy(() => tf.variable(tf.zeros(variable.shape), false)),
    );
  }

  /** Adds a batch's gradients; null adds nothing. */
  add(gradients: readonly (tf.Tensor | null)[]): void {
    for (const [i, gradient] of gradients.entries()) {
      if (gradient) this.#at(i).assign(tf.add(this.#at(i), tf.mul(gradient, this.#share)));
    }
  }

  /** The mean gradient with the last batch's; the sums begin anew. */
  take(gradients: readonly (tf.Tensor | null)[]): (tf.Tensor | null)[] {
    return gradients.map((gradient, i) => {
      const sum = this.#at(i);
      if (!gradient) return null;
      const mean = tf.add(sum, tf.mul(gradient, this.#share));
      sum.assign(tf.zerosLike(sum));
      return mean;
    });
  }

  dispose(): void {
    tf.dispose([...this.variables]);
  }

  #at(index: number): tf.Variable {
    return this.variables[index] as tf.Variable;
  }
}
