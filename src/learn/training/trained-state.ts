import type * as tf from '@tensorflow/tfjs-core';
import { assignValues } from '../backend/composed-optimizer.ts';
import type { Parameter } from '../backend/kernels.ts';
import type { TrainableModel } from '../models/trainable.ts';
import type { WeightArray, Weights } from '../models/weights.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { AveragedWeights } from './averaged-weights.ts';
import type { GradientAccumulator } from './gradient-accumulator.ts';
import type { MethodState } from './method-state.ts';

export interface TrainedParts {
  readonly model: TrainableModel;
  readonly method: MethodState;
  /** What the optimiser moves. */
  readonly parameters: readonly Parameter[];
  readonly optimizer: Optimizer;
  /** Names of the optimiser's slots. */
  readonly slots: readonly string[];
  readonly accumulator: GradientAccumulator | null;
  readonly averages: AveragedWeights | null;
}

const TRAINING = 'training/';
const GRADIENT = 'optimizer/gradient/';

/** Everything that a step moves, as arrays by name. */
export class TrainedState {
  readonly #parts: TrainedParts;

  constructor(parts: TrainedParts) {
    this.#parts = parts;
  }

  /** Network, head and method as they are trained. */
  trainingWeights(): Map<string, WeightArray> {
    const { parameters, method, model } = this.#parts;
    const arrays = new Map<string, WeightArray>();
    for (const { name, variable } of parameters) arrays.set(name, arrayOf(variable));
    for (const [name, variable] of [...method.moved, ...model.statistics])
      arrays.set(name, arrayOf(variable));
    return arrays;
  }

  /** Network, head and method as they are evaluated: with averages in place of the trained values where they are kept. */
  weights(): Map<string, WeightArray> {
    const { parameters, averages } = this.#parts;
    const arrays = this.trainingWeights();
    for (const [i, variable] of (averages?.variables ?? []).entries())
      arrays.set((parameters[i] as Parameter).name, arrayOf(variable));
    return arrays;
  }

  /**
   * What going on needs beside `weights`: the optimiser's state as `optimizer/<slot>/<name>`, gradients that wait for
   * their update as `optimizer/gradient/<name>`, trained values beside their averages as `training/<name>`, and the
   * method's inputs.
   */
  slots(): Map<string, WeightArray> {
    const { parameters, optimizer, slots, accumulator, averages, method } = this.#parts;
    const arrays = method.arrays();
    const put = (prefix: string, values: (index: number) => Float32Array): void => {
      for (const [i, { name, variable }] of parameters.entries())
        arrays.set(`${prefix}${name}`, { shape: variable.shape, data: values(i) });
    };
    const state = optimizer.readState();
    for (const [s, slot] of slots.entries()) put(`optimizer/${slot}/`, (i) => state[i]?.[s] as Float32Array);
    const waiting = accumulator?.variables.map((variable) => arrayOf(variable).data) ?? [];
    if (waiting.some((sum) => sum.some((value) => value !== 0)))
      put(GRADIENT, (i) => waiting[i] as Float32Array);
    if (averages) put(TRAINING, (i) => arrayOf((parameters[i] as Parameter).variable).data);
    return arrays;
  }

  /** Takes over what `weights` and `slots` returned. */
  restore(arrays: Weights): void {
    const { parameters, optimizer, slots, accumulator, averages, method, model } = this.#parts;
    const value = (name: string): Float32Array => {
      const array = arrays.get(name);
      if (!array) throw new Error(`The checkpoint has no array "${name}".`);
      return array.data;
    };
    for (const [i, { name }] of parameters.entries()) {
      const trained = averages && arrays.has(`${TRAINING}${name}`) ? `${TRAINING}${name}` : name;
      optimizer.writeParameter(i, value(trained));
      if (averages) assignValues(averages.variables[i] as tf.Variable, value(name));
      const sum = accumulator?.variables[i];
      if (sum) assignValues(sum, arrays.get(`${GRADIENT}${name}`)?.data ?? new Float32Array(sum.size));
    }
    for (const [name, variable] of [...method.moved, ...model.statistics])
      assignValues(variable, value(name));
    optimizer.writeState(
      parameters.map(({ name }) => slots.map((slot) => value(`optimizer/${slot}/${name}`))),
    );
    method.restore(arrays);
  }

  dispose(): void {
    const { model, method, optimizer, accumulator, averages } = this.#parts;
    // The optimiser last: the variables show what its resources hold.
    for (const part of [model, method, accumulator, averages, optimizer]) part?.dispose();
  }
}

export const arrayOf = (variable: tf.Variable): WeightArray => ({
  shape: variable.shape,
  data: variable.dataSync<'float32'>().slice(),
});
