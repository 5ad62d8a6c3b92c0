import * as tf from '@tensorflow/tfjs-core';
import type { Parameter } from '../backend/kernels.ts';
import type { BuiltMethod, TrainingEmbeddings } from '../losses/method.ts';
import type { WeightArray, Weights } from '../models/weights.ts';
import { createRandom } from '../random/counter-random.ts';
import { GROUP } from './groups.ts';
import { MethodInputs } from './method-inputs.ts';
import { TRAINING_STREAM } from './random-streams.ts';

const NEAREST = 'method/nearestClasses';

/** What a method keeps beside the network: its arrays as variables, its inputs, and what its last refresh found. */
export class MethodState {
  readonly method: BuiltMethod;
  readonly inputs: MethodInputs;
  /** In the method's order. */
  readonly variables: readonly tf.Variable[];
  /** Those that a learning rate moves. */
  readonly parameters: readonly Parameter[];
  /** Those that the method moves itself, by name. */
  readonly moved: ReadonlyMap<string, tf.Variable>;
  readonly #seed: number;
  #nearestClasses: WeightArray | null = null;

  constructor(method: BuiltMethod, seed: number) {
    this.method = method;
    this.#seed = seed;
    this.inputs = new MethodInputs(method.inputs ?? [], seed);
    const made = method.parameters.map(({ name, shape, initial, rate }) => ({
      name: `method/${name}`,
      rate,
      variable: tf.tidy(() =>
        tf.variable(tf.tensor(initial.slice(), [...shape], 'float32'), rate !== 'none'),
      ),
    }));
    this.variables = made.map(({ variable }) => variable);
    this.parameters = made
      .filter(({ rate }) => rate !== 'none')
      .map(({ name, rate, variable }) => ({
        name,
        group: rate === 'head' ? GROUP.head : GROUP.method,
        variable,
      }));
    this.moved = new Map(
      made.filter(({ rate }) => rate === 'none').map(({ name, variable }) => [name, variable] as const),
    );
  }

  /** For each class its nearest others, [classes, m], as the last refresh found them. */
  get nearestClasses(): Int32Array | undefined {
    return this.#nearestClasses ? Int32Array.from(this.#nearestClasses.data) : undefined;
  }

  /** @param epoch from 0 */
  refresh(whole: TrainingEmbeddings, epoch: number): void {
    if (!this.method.refresh) return;
    const { inputs, nearestClasses } = this.method.refresh(
      whole,
      createRandom(this.#seed, TRAINING_STREAM.refresh, epoch),
    );
    this.inputs.set(inputs);
    this.#nearestClasses = nearestClasses
      ? {
          shape: [whole.classes, nearestClasses.length / whole.classes],
          data: Float32Array.from(nearestClasses),
        }
      : null;
  }

  /** What a checkpoint inside an epoch needs beside the parameters. */
  arrays(): Map<string, WeightArray> {
    const arrays = this.inputs.arrays();
    if (this.#nearestClasses) arrays.set(NEAREST, this.#nearestClasses);
    return arrays;
  }

  restore(arrays: Weights): void {
    this.inputs.restore(arrays);
    this.#nearestClasses = arrays.get(NEAREST) ?? null;
  }

  dispose(): void {
    tf.dispose([...this.variables]);
    this.inputs.dispose();
  }
}
