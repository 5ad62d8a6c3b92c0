import * as tf from '@tensorflow/tfjs-core';
import type { AdamRates, AdamUpdater, MomentArrays, Parameter } from './kernels.ts';

interface Moments {
  readonly first: tf.Variable;
  readonly second: tf.Variable;
}

/** Adam from plain operations. The betas are rounded to float32 first, as the native kernel has them. */
export class ComposedAdam implements AdamUpdater {
  readonly #parameters: readonly Parameter[];
  readonly #moments: readonly Moments[];
  readonly #beta1: number;
  readonly #beta2: number;

  constructor(parameters: readonly Parameter[], beta1: number, beta2: number) {
    this.#parameters = parameters;
    this.#beta1 = Math.fround(beta1);
    this.#beta2 = Math.fround(beta2);
    this.#moments = parameters.map(({ variable }) => ({
      first: tf.variable(tf.zeros(variable.shape), false),
      second: tf.variable(tf.zeros(variable.shape), false),
    }));
  }

  apply(gradients: readonly tf.Tensor[], { groupRates, epsilon }: AdamRates): void {
    tf.tidy(() => {
      for (const [i, { variable, group }] of this.#parameters.entries()) {
        const gradient = gradients[i];
        const rate = groupRates[group];
        const moments = this.#moments[i];
        if (!gradient || !rate || !moments) throw new Error('a gradient or rate is missing');
        const { first, second } = moments;
        first.assign(tf.add(first, tf.mul(tf.sub(gradient, first), 1 - this.#beta1)));
        second.assign(tf.add(second, tf.mul(tf.sub(tf.square(gradient), second), 1 - this.#beta2)));
        variable.assign(tf.sub(variable, tf.div(tf.mul(first, rate), tf.add(tf.sqrt(second), epsilon))));
      }
    });
  }

  readMoments(): MomentArrays[] {
    return this.#moments.map(({ first, second }) => ({
      first: first.dataSync<'float32'>().slice(),
      second: second.dataSync<'float32'>().slice(),
    }));
  }

  writeMoments(moments: readonly MomentArrays[]): void {
    for (const [i, { first, second }] of moments.entries()) {
      const own = this.#moments[i];
      if (!own) throw new RangeError('more moments than parameters');
      assignValues(own.first, first);
      assignValues(own.second, second);
    }
  }

  writeParameter(index: number, values: Float32Array): void {
    const parameter = this.#parameters[index];
    if (!parameter) throw new RangeError(`no parameter ${String(index)}`);
    assignValues(parameter.variable, values);
  }

  dispose(): void {
    for (const { first, second } of this.#moments) tf.dispose([first, second]);
  }
}

export function assignValues(variable: tf.Variable, values: Float32Array): void {
  tf.tidy(() => {
    variable.assign(tf.tensor(values.slice(), variable.shape, 'float32'));
  });
}
