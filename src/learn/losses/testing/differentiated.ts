import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '../../backend/kernels.ts';
import { createRandom } from '../../random/counter-random.ts';
import { unitRows } from '../centers.ts';
import type { BuiltMethod, Method } from '../method.ts';
import { type Points, randomPoints } from './built-case.ts';

/** What a loss of raw rows and the method's arrays gives: its value, then every gradient, one after the other. */
export type Outputs = Float32Array;

/** For tests: a method whose loss is differentiated in the rows and in every array that a gradient moves. */
export class Differentiated {
  readonly built: BuiltMethod;
  /** Raw rows stand before them in `run` and in its gradients. */
  readonly arrays: readonly Float32Array[];
  readonly #dim: number;
  readonly #inputs: readonly Float32Array[];

  constructor(
    method: Method,
    kernels: Kernels,
    { classes, dim, settings }: { classes: number; dim: number; settings: Record<string, unknown> },
  ) {
    const random = createRandom(3, 1);
    this.#dim = dim;
    this.built = method.build(settings, { classes, dim, featureDim: dim, kernels, random });
    this.arrays = this.built.parameters.map(({ initial }) => initial.map((value) => value + random.normal()));
    const labels = Array.from({ length: 6 * classes }, (_, i) => i % classes);
    const raw = Float32Array.from(randomPoints(5, labels, dim).rows.flat());
    const embeddings = unitRows(tf.tensor2d(raw, [labels.length, dim])).dataSync<'float32'>();
    const whole = { dim, classes, embeddings, raw, labels: Int32Array.from(labels) };
    this.#inputs = this.built.refresh?.(whole, random).inputs ?? [];
  }

  /** The loss with its gradients as one tensor of `tensors`: a step that can be recorded. */
  readonly step = (...given: tf.Tensor[]): tf.Tensor1D =>
    tf.tidy(() => {
      const { parameters, inputs = [] } = this.built;
      const labels = given[0] as tf.Tensor1D;
      const rest = given.slice(1 + inputs.length);
      const moved = [true, ...parameters.map(({ rate }) => rate !== 'none')];
      const { value, grads } = tf.valueAndGrads((...moving) => {
        const [raw, ...trained] = rest.map((tensor, i) =>
          moved[i] ? (moving.shift() as tf.Tensor) : tensor,
        );
        const rows = raw as tf.Tensor2D;
        const batch = { raw: rows, features: rows, embeddings: unitRows(rows), labels };
        return this.built.loss({ ...batch, trained, inputs: given.slice(1, 1 + inputs.length) }).value;
      })(rest.filter((_, i) => moved[i]));
      const flat = [value, ...grads].map((tensor) => tf.reshape(tensor, [-1]));
      return tf.concat1d(flat as tf.Tensor1D[]);
    });

  /** Labels, the method's inputs, the rows and the method's arrays. */
  tensors({ rows, labels }: Points, arrays = this.arrays): tf.Tensor[] {
    const { parameters, inputs = [] } = this.built;
    return [
      tf.tensor1d([...labels], 'int32'),
      ...inputs.map(({ shape }, i) => tf.tensor(this.#inputs[i] as Float32Array, [...shape])),
      tf.tensor2d(rows.flat(), [rows.length, this.#dim]),
      ...parameters.map(({ shape }, i) => tf.tensor(arrays[i] as Float32Array, [...shape])),
    ];
  }

  run(points: Points, arrays = this.arrays): Outputs {
    return tf.tidy(() =>
      this.step(...this.tensors(points, arrays))
        .dataSync<'float32'>()
        .slice(),
    );
  }
}
