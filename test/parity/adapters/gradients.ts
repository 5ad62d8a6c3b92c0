import * as tf from '@tensorflow/tfjs-core';
import { type Check, type ParityCase, check, numberOf, tensorOf } from '../case.ts';
import type { FixtureTensor } from '../learn-fixture.ts';

/** Tensors by their names in the file. */
export type Arguments = Readonly<Record<string, tf.Tensor>>;

export const intsOf = ({ data }: FixtureTensor): tf.Tensor1D => tf.tensor1d(data, 'int32');
export const floatsOf = ({ data, shape }: FixtureTensor): tf.Tensor => tf.tensor(data, shape, 'float32');

/**
 * A loss and its gradients with respect to the case's inputs that have an expected gradient; where only the loss is
 * given, gradients must still be finite. The inputs that count are those of real numbers which `except` does not name.
 */
export async function compareGradients(
  example: ParityCase,
  loss: (x: Arguments) => tf.Scalar,
  except: readonly string[] = [],
): Promise<Check[]> {
  const { inputs, expected } = example;
  const wanted = (expected['gradients'] ?? {}) as Readonly<Record<string, FixtureTensor>>;
  const names = Object.keys(inputs).filter(
    (name) => inputs[name]!.dtype !== 'int32' && !except.includes(name),
  );
  const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) =>
    loss(Object.fromEntries(names.map((name, i) => [name, tensors[i]!]))),
  )(names.map((name) => floatsOf(inputs[name]!)));
  const checks = [
    check('loss', await value.data(), [numberOf(expected['loss'])], example, ['float32', 'loss']),
  ];
  for (const [i, name] of names.entries()) {
    const got = await grads[i]!.data();
    const want = wanted[name];
    checks.push(
      want
        ? check(`gradient of ${name}`, got, tensorOf(want).data, example, ['float32', 'gradients'])
        : {
            what: `finite gradient of ${name}`,
            got: got.map((g) => (Number.isFinite(g) ? 0 : 1)),
            want: new Float32Array(got.length),
            abs: 0,
            rel: 0,
          },
    );
  }
  return checks;
}
