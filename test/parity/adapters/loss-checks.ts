import * as tf from '@tensorflow/tfjs-core';
import { unitRows } from '#learn/losses/centers.ts';
import { type Check, type ParityCase, check, flagOf, numberOf } from '../case.ts';
import type { FixtureTensor } from '../learn-fixture.ts';

export const matrixOf = (example: ParityCase, name: string): tf.Tensor2D => {
  const { data, shape } = example.inputs[name]!;
  return tf.tensor2d(data, shape as [number, number]);
};

export const integersOf = (example: ParityCase, name: string): tf.Tensor1D =>
  tf.tensor1d(example.inputs[name]!.data, 'int32');

/** Rows as the case's loss takes them. @param absent whether they have unit length where the case does not say */
export const embeddingsOf = (
  { params }: Pick<ParityCase, 'params'>,
  rows: tf.Tensor2D,
  absent: boolean,
): tf.Tensor2D => (flagOf(params, 'normalizeEmbeddings', absent) ? unitRows(rows) : rows);

/** A loss and its gradient in each named input against the case's; finite where the case gives no gradient. */
export async function lossChecks(
  example: ParityCase,
  names: readonly string[],
  loss: (...inputs: tf.Tensor2D[]) => tf.Scalar,
): Promise<Check[]> {
  const inputs = names.map((name) => matrixOf(example, name));
  const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => loss(...(given as tf.Tensor2D[])))(
    inputs,
  );
  const wanted = example.expected['gradients'] as Record<string, FixtureTensor> | undefined;
  const checks = [
    check('loss', await value.data(), [numberOf(example.expected['loss'])], example, ['float32', 'loss']),
  ];
  for (const [i, name] of names.entries()) {
    const got = await grads[i]!.data();
    const want = wanted?.[name];
    if (want) checks.push(check(`gradient of ${name}`, got, want.data, example, ['float32', 'gradients']));
    else checks.push(finite(`gradient of ${name}`, got));
  }
  return checks;
}

const finite = (what: string, got: ArrayLike<number>): Check => ({
  what: `finite ${what}`,
  got: Array.from(got, (value) => (Number.isFinite(value) ? 0 : 1)),
  want: new Array<number>(got.length).fill(0),
  abs: 0,
  rel: 0,
});

/** A number or array that the case also gives, at the tolerance of its loss; nothing where it does not give it. */
export async function extraChecks(
  example: ParityCase,
  extras: Readonly<Record<string, tf.Tensor>>,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [name, tensor] of Object.entries(extras)) {
    const want = example.expected[name] as number | FixtureTensor | undefined | null;
    if (want === undefined || want === null) continue;
    const values = typeof want === 'number' ? [want] : want.data;
    checks.push(check(name, await tensor.data(), values, example, ['float32', 'loss']));
  }
  return checks;
}
