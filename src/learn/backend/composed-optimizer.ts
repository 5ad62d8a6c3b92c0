import * as tf from '@tensorflow/tfjs-core';
import type { DecayedParameter, Optimizer } from '../optimizers/optimizer.ts';
import type { UpdateRule } from '../optimizers/update-rule.ts';
import { addWeightDecay, decoupledDecay } from '../optimizers/weight-decay.ts';

/** An update rule from plain operations. */
export class ComposedOptimizer implements Optimizer {
  readonly #parameters: readonly DecayedParameter[];
  readonly #rule: UpdateRule;
  /** [parameter][slot] */
  readonly #slots: readonly (readonly tf.Variable[])[];

  constructor(parameters: readonly DecayedParameter[], rule: UpdateRule) {
    this.#parameters = parameters;
    this.#rule = rule;
    this.#slots = parameters.map(({ variable }) =>
      rule.slots.map(() => tf.tidy(() => tf.variable(tf.zeros(variable.shape), false))),
    );
  }

  apply(gradients: readonly (tf.Tensor | null)[], numbers: readonly (readonly tf.Tensor[])[]): void {
    tf.tidy(() => {
      for (const [i, { variable, group, decay }] of this.#parameters.entries()) {
        const gradient = gradients[i];
        const own = numbers[group];
        const slots = this.#slots[i];
        if (gradient === null) continue;
        if (!gradient || !own || !slots) throw new Error('a gradient or the numbers of a group are missing');
        const { decoupledDecay: decoupled } = this.#rule;
        const rate = own.at(-1) as tf.Tensor;
        const start = decoupled ? tf.sub(variable, decoupledDecay(variable, rate, decay)) : variable;
        const slope = decoupled ? gradient : addWeightDecay(gradient, variable, decay);
        const moved = this.#rule.update(start, slots, slope, own);
        for (const [s, slot] of slots.entries()) slot.assign(moved.slots[s] as tf.Tensor);
        variable.assign(moved.value);
      }
    });
  }

  sumOfSquares(gradient: tf.Tensor): tf.Scalar {
    return tf.tidy(() => tf.sum(tf.square(gradient)));
  }

  readState(): Float32Array[][] {
    return this.#slots.map((slots) => slots.map((slot) => slot.dataSync<'float32'>().slice()));
  }

  writeState(state: readonly (readonly Float32Array[])[]): void {
    for (const [i, slots] of this.#slots.entries()) {
      for (const [s, slot] of slots.entries()) assignValues(slot, valuesOf(state, i, s));
    }
  }

  writeParameter(index: number, values: Float32Array): void {
    const parameter = this.#parameters[index];
    if (!parameter) throw new RangeError(`no parameter ${String(index)}`);
    assignValues(parameter.variable, values);
  }

  dispose(): void {
    tf.dispose(this.#slots.flat());
  }
}

export function valuesOf(
  state: readonly (readonly Float32Array[])[],
  parameter: number,
  slot: number,
): Float32Array {
  const values = state[parameter]?.[slot];
  if (!values) throw new RangeError(`no state of parameter ${String(parameter)}`);
  return values;
}

export function assignValues(variable: tf.Variable, values: Float32Array): void {
  tf.tidy(() => {
    variable.assign(tf.tensor(values.slice(), variable.shape, 'float32'));
  });
}
