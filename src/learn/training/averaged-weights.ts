import * as tf from '@tensorflow/tfjs-core';
import type { Parameter } from '../backend/kernels.ts';

/**
 * A running average of the parameters, which is evaluated and exported in their place: average += share * (value -
 * average) after every update. Polyak and Juditsky, 1992, with exponential weights.
 */
export class AveragedWeights {
  readonly variables: readonly tf.Variable[];
  readonly #parameters: readonly Parameter[];
  readonly #decay: number;

  /** @param decay share of the old average that an update keeps */
  constructor(parameters: readonly Parameter[], decay: number) {
    this.#parameters = parameters;
    this.#decay = decay;
    // Copies: two variables of one buffer could not be told apart in a recorded step.
    this.variables = parameters.map(({ variable }) =>
      tf.tidy(() => tf.variable(tf.tensor(variable.dataSync<'float32'>().slice(), variable.shape), false)),
    );
  }

  /**
   * Share of the new values in the average. The first updates weigh more, so that a short run does not remember its
   * start for ever: the decay is (1 + t) / (10 + t) until it reaches its full value.
   *
   * @param update number of the update, from 1
   */
  share(update: number): number {
    return 1 - Math.min(this.#decay, (1 + update) / (10 + update));
  }

  /** @param share scalar */
  follow(share: tf.Tensor): void {
    for (const [i, { variable }] of this.#parameters.entries()) {
      const average = this.variables[i] as tf.Variable;
      average.assign(tf.add(average, tf.mul(tf.sub(variable, average), share)));
    }
  }

  dispose(): void {
    tf.dispose([...this.variables]);
  }
}
