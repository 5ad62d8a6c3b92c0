import * as tf from '@tensorflow/tfjs-core';
import type { MethodInput } from '../losses/method.ts';
import type { WeightArray, Weights } from '../models/weights.ts';
import { createRandom } from '../random/counter-random.ts';
import { TRAINING_STREAM } from './random-streams.ts';

const PREFIX = 'method/input/';

/** The method's inputs as tensors: those that a refresh sets stay where the backend computes, drawn ones are new each step. */
export class MethodInputs {
  readonly #inputs: readonly MethodInput[];
  readonly #seed: number;
  /** In the order of the inputs; null where the input is drawn. */
  readonly #kept: (tf.Tensor | null)[];

  constructor(inputs: readonly MethodInput[], seed: number) {
    this.#inputs = inputs;
    this.#seed = seed;
    this.#kept = inputs.map((input) => (input.draw ? null : tensorOf(input, input.initial)));
  }

  /** The values of step `number`; drawn ones are the caller's to dispose of, through `release`. */
  ofStep(number: number): tf.Tensor[] {
    return this.#inputs.map((input, i) => {
      const kept = this.#kept[i];
      if (kept || !input.draw) return kept as tf.Tensor;
      return tensorOf(input, input.draw(createRandom(this.#seed, TRAINING_STREAM.inputs, number, i)));
    });
  }

  release(values: readonly tf.Tensor[]): void {
    tf.dispose(values.filter((tensor) => !this.#kept.includes(tensor)));
  }

  /** @param values of the inputs that are not drawn, in their order */
  set(values: readonly Float32Array[]): void {
    const places = this.#kept.flatMap((kept, i) => (kept ? [i] : []));
    if (values.length !== places.length) {
      throw new RangeError(
        `the method has ${String(places.length)} inputs to set, not ${String(values.length)}`,
      );
    }
    for (const [i, place] of places.entries()) {
      this.#kept[place]?.dispose();
      this.#kept[place] = tensorOf(this.#inputs[place] as MethodInput, values[i] as Float32Array);
    }
  }

  arrays(): Map<string, WeightArray> {
    const arrays = new Map<string, WeightArray>();
    for (const [i, { name, shape }] of this.#inputs.entries()) {
      const kept = this.#kept[i];
      if (kept) arrays.set(`${PREFIX}${name}`, { shape, data: kept.dataSync<'float32'>().slice() });
    }
    return arrays;
  }

  /** Takes over what `arrays` gave; checkpoints from before a method had an input leave it as it began. */
  restore(arrays: Weights): void {
    const given = this.#inputs.filter(({ draw }) => !draw);
    this.set(given.map(({ name, initial }) => arrays.get(`${PREFIX}${name}`)?.data ?? initial));
  }

  dispose(): void {
    tf.dispose(this.#kept.filter((kept) => kept !== null));
  }
}

function tensorOf({ name, shape }: MethodInput, values: Float32Array): tf.Tensor {
  const size = shape.reduce((product, side) => product * side, 1);
  if (values.length !== size)
    throw new RangeError(
      `the method's input "${name}" has ${String(values.length)} values, not ${String(size)}`,
    );
  return tf.tensor(values.slice(), [...shape], 'float32');
}
