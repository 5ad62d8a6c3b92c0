import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../../backend/kernels.ts';
import { createRandom } from '../../random/counter-random.ts';
import { unitRows } from '../centers.ts';
import type { BuiltMethod, Method, MethodBatch } from '../method.ts';

/** Rows of numbers and their classes. */
export interface Points {
  readonly rows: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

/** Value and gradient of a method's loss for one batch, read out. */
export interface Outcome {
  readonly value: number;
  /** With respect to the rows before they are scaled to unit length. */
  readonly gradient: Float32Array;
  readonly figures: Readonly<Record<string, number>>;
}

/** For tests: random rows about one centre a class, which lie as far apart as rows within a class do. */
export function randomPoints(seed: number, labels: readonly number[], dim: number): Points {
  const random = createRandom(seed, 0);
  const number = (): number => 2 * random.next() - 1;
  const centers = Array.from({ length: Math.max(0, ...labels) + 1 }, () =>
    Array.from({ length: dim }, number),
  );
  const rows = labels.map((label) => centers[label]!.map((center) => 0.7 * center + number()));
  return { rows, labels };
}

/** For tests: a method built for a few classes, beside the network that would train it. */
export class BuiltCase {
  readonly built: BuiltMethod;
  readonly #dim: number;
  readonly #trained: tf.Tensor[];
  readonly #inputs: tf.Tensor[];

  constructor(
    method: Method,
    kernels: Kernels,
    { classes, dim, settings = {} }: { classes: number; dim: number; settings?: Record<string, unknown> },
  ) {
    this.#dim = dim;
    const random = createRandom(7, 1);
    this.built = method.build(settings, { classes, dim, featureDim: dim, kernels, random });
    this.#trained = this.built.parameters.map(({ shape, initial }) => tf.tensor(initial, [...shape]));
    this.#inputs = (this.built.inputs ?? []).map(({ shape, initial, draw }) =>
      tf.tensor(draw ? draw(random) : initial, [...shape]),
    );
  }

  /** Gives the method's inputs the values that it finds in a whole set. */
  refresh({ rows, labels }: Points, classes: number): void {
    const raw = Float32Array.from(rows.flat());
    const embeddings = unitRows(tf.tensor2d(raw, [rows.length, this.#dim])).dataSync<'float32'>();
    const whole = { dim: this.#dim, classes, embeddings, raw, labels: Int32Array.from(labels) };
    const found = this.built.refresh?.(whole, createRandom(7, 2)).inputs ?? [];
    const kept = (this.built.inputs ?? []).map(({ draw }) => draw !== undefined);
    let next = 0;
    for (const [i, isDrawn] of kept.entries()) {
      if (isDrawn) continue;
      this.#inputs[i] = tf.tensor(found[next++] as Float32Array, this.#inputs[i]!.shape);
    }
  }

  /** The loss of raw rows as a function of them, everything else fixed. */
  loss(raw: tf.Tensor2D, labels: tf.Tensor1D): ReturnType<BuiltMethod['loss']> {
    return this.built.loss(this.#batch(raw, labels));
  }

  run({ rows, labels }: Points): Outcome {
    return tf.tidy(() => {
      let figures: readonly tf.Scalar[] = [];
      const { value, grad } = tf.valueAndGrad((raw) => {
        const loss = this.loss(raw as tf.Tensor2D, tf.tensor1d([...labels], 'int32'));
        figures = (loss.figures ?? []).map((figure) => tf.keep(figure));
        return loss.value;
      })(tf.tensor2d(rows.flat(), [rows.length, this.#dim]));
      const read = figures.map((figure) => figure.dataSync()[0] as number);
      tf.dispose([...figures]);
      return {
        value: value.dataSync()[0] as number,
        gradient: grad.dataSync<'float32'>().slice(),
        figures: Object.fromEntries((this.built.figures ?? []).map((name, i) => [name, read[i] as number])),
      };
    });
  }

  #batch(raw: tf.Tensor2D, labels: tf.Tensor1D): MethodBatch {
    const embeddings = unitRows(raw);
    return { raw, features: raw, embeddings, labels, trained: this.#trained, inputs: this.#inputs };
  }
}
