import * as tf from '@tensorflow/tfjs-core';
import { composedKernels } from '#learn/backend/composed.ts';
import type { Kernels } from '#learn/backend/kernels.ts';
import { adam, rmsprop } from '#learn/optimizers/adam.ts';
import { sgd } from '#learn/optimizers/momentum.ts';
import type { UpdateRule } from '#learn/optimizers/update-rule.ts';

/** How far a native kernel and its gradients are from the composed ones, relative to the largest value. */
export interface KernelError {
  readonly kernel: string;
  readonly relativeError: number;
}

/** Float32 sums in another order differ by a few parts in a million. */
export const MAX_KERNEL_ERROR = 2e-5;

const MAX_POOLS = [
  [3, 2, 1, false],
  [3, 2, 0, true],
  [3, 1, 'same', false],
  [2, 2, 0, true],
] as const;

/** Compares each kernel with its composed version on the same numbers. */
export function compareKernels(kernels: Kernels): KernelError[] {
  const errors: KernelError[] = [];
  tf.tidy(() => {
    const random = (shape: number[], seed: number): tf.Tensor =>
      tf.randomNormal(shape, 0, 1, 'float32', seed);
    const x = tf.mul(random([4, 9, 9, 16], 1), 3);
    const full = random([3, 3, 16, 8], 2);
    const perChannel = random([3, 3, 16, 1], 3);
    const [bias8, bias16, gamma] = [random([8], 4), random([16], 5), tf.add(tf.mul(random([16], 6), 0.1), 1)];
    const compare = (
      kernel: string,
      inputs: tf.Tensor[],
      run: (k: Kernels, inputs: tf.Tensor[]) => tf.Tensor,
    ): void => {
      const values = [kernels, composedKernels].map((k) => {
        // A fixed weighting of the outputs makes the gradient depend on each of them.
        const weighted = (...args: tf.Tensor[]): tf.Scalar => {
          const y = run(k, args);
          return tf.sum(tf.mul(y, tf.sin(tf.reshape(tf.range(0, y.size), y.shape))));
        };
        return [run(k, inputs), ...tf.valueAndGrads(weighted)(inputs).grads];
      }) as [tf.Tensor[], tf.Tensor[]];
      const differences = values[0].map((got, i) => relativeError(got, values[1][i] as tf.Tensor));
      errors.push({ kernel, relativeError: Math.max(...differences) });
    };

    // SAME, inside the image only, and torch's padding, which SAME is not where the stride is 2.
    const layouts = [1, 2].flatMap((stride) =>
      (['same', 0, 1] as const).map((padding) => ({ stride, padding })),
    );
    for (const { stride, padding } of layouts) {
      for (const activation of ['none', 'relu', 'relu6'] as const) {
        const name = `${activation} stride ${String(stride)} padding ${String(padding)}`;
        compare(`convolution ${name}`, [x, full, bias8], (k, [x, w, b]) =>
          k.convolve(x as tf.Tensor4D, w as tf.Tensor4D, b as tf.Tensor1D, {
            stride,
            padding,
            depthwise: false,
            activation,
          }),
        );
        compare(`depthwise convolution ${name}`, [x, perChannel, bias16], (k, [x, w, b]) =>
          k.convolve(x as tf.Tensor4D, w as tf.Tensor4D, b as tf.Tensor1D, {
            stride,
            padding,
            depthwise: true,
            activation,
          }),
        );
      }
    }
    for (const activation of ['relu', 'relu6'] as const) {
      compare(activation, [x], (k, [x]) => k.activate(x as tf.Tensor4D, activation));
    }
    for (const [size, stride, padding, ceil] of MAX_POOLS) {
      const name = `max pool ${String(size)} stride ${String(stride)} padding ${String(padding)}`;
      compare(name, [x], (k, [x]) => k.maxPool(tf.relu(x as tf.Tensor4D), { size, stride, padding, ceil }));
    }
    compare('batch norm', [x, gamma, bias16], (k, [x, gamma, beta]) => batchNorm(k, x, gamma, beta).y);
    compare('batch norm statistics', [x], (k, [x]) =>
      tf.add(batchNorm(k, x, gamma, bias16).statistics, tf.mul(tf.sum(x as tf.Tensor), 0)),
    );
    const labels = tf.tensor1d([0, 3, 1, 4, 4, 2], 'int32');
    compare('softmax cross entropy', [tf.mul(random([6, 5], 7), 10)], (k, [logits]) =>
      k.softmaxCrossEntropy(logits as tf.Tensor2D, labels),
    );
    for (const [kernel, rule] of UPDATE_RULES)
      errors.push({ kernel, relativeError: updateError(kernels, rule, random([7, 3], 8)) });
  });
  return errors;
}

function batchNorm(
  kernels: Kernels,
  x: tf.Tensor | undefined,
  gamma: tf.Tensor | undefined,
  beta: tf.Tensor | undefined,
): { y: tf.Tensor; statistics: tf.Tensor } {
  const movingMean = tf.variable(tf.zeros([16]), false);
  const movingVariance = tf.variable(tf.ones([16]), false);
  const state = { gamma: gamma as tf.Tensor1D, beta: beta as tf.Tensor1D, movingMean, movingVariance };
  const y = kernels.batchNorm(x as tf.Tensor4D, state, { epsilon: 1e-3, momentum: 0.1 });
  const statistics = tf.concat([tf.clone(movingMean), tf.clone(movingVariance)]);
  tf.dispose([movingMean, movingVariance]);
  return { y, statistics };
}

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-4, amsgrad: false, decoupledDecay: false };
const UPDATE_RULES: readonly (readonly [string, UpdateRule])[] = [
  ['Adam', adam(ADAM)],
  ['AMSGrad', adam({ ...ADAM, amsgrad: true })],
  ['AdamW', adam({ ...ADAM, decoupledDecay: true })],
  ['RMSprop', rmsprop({ decay: 0.99, epsilon: 1e-4 })],
  ['gradient descent', sgd({ momentum: 0, nesterov: false })],
  ['momentum', sgd({ momentum: 0.9, nesterov: false })],
  ['Nesterov momentum', sgd({ momentum: 0.9, nesterov: true })],
];

function updateError(kernels: Kernels, rule: UpdateRule, start: tf.Tensor): number {
  const [got, want] = [kernels, composedKernels].map((k): tf.Tensor => {
    const variable = tf.variable(start);
    const optimizer = k.createOptimizer([{ name: 'w', group: 0, variable, decay: 0.1 }], rule);
    for (let step = 1; step <= 5; step++) {
      const numbers = rule.numbers(step, 0.01).map((value) => tf.scalar(value));
      optimizer.apply([tf.sin(tf.add(tf.mul(variable, 3), step))], [numbers]);
    }
    const result = tf.clone(variable);
    optimizer.dispose();
    variable.dispose();
    return result;
  }) as [tf.Tensor, tf.Tensor];
  return relativeError(got, want);
}

function relativeError(got: tf.Tensor, want: tf.Tensor): number {
  const largest = tf.max(tf.abs(want)).dataSync()[0] as number;
  const difference = tf.max(tf.abs(tf.sub(got, want))).dataSync()[0] as number;
  return largest === 0 ? difference : difference / largest;
}
