import * as tf from '@tensorflow/tfjs-core';
import { adamStep } from '#learn/optimizers/adam.ts';
import { addWeightDecay } from '#learn/optimizers/weight-decay.ts';
import { type Schedule, cosine, exponential, polynomial, stepDecay } from '#learn/schedules/schedule.ts';
import { openBackend } from '#workers/backend/open-backend.ts';
import { type Adapter, type Check, type ParityCase, check, numberOf, tensorOf } from '../case.ts';

export const compareSchedule: Adapter = async (example) => {
  const schedule = scheduleOf(example.params);
  if (schedule === null) return { skip: `no schedule named ${String(example.params['schedule'])} yet` };
  const want = example.expected['lr'] as number[];
  const got = want.map((_, t) => schedule(t) * numberOf(example.params['baseLr']));
  return [check('rates', got, want, example, [])];
};

function scheduleOf(params: ParityCase['params']): Schedule | null {
  const number = (name: string, otherwise = 0): number =>
    params[name] === undefined ? otherwise : numberOf(params[name]);
  const floor = number('minLr') / number('baseLr');
  switch (params['schedule']) {
    case 'step':
      return stepDecay(params['milestones'] as number[], number('gamma'));
    case 'official-step': {
      const every = number('every', 20);
      // The published loop counts epochs from 0 and decays one epoch early.
      return stepDecay(
        Array.from({ length: 50 }, (_, i) => (i + 1) * every - 1),
        number('gamma'),
      );
    }
    case 'cosine':
      return cosine(number('total'), 0, 0, floor);
    case 'warmup-cosine':
      return cosine(number('total'), number('warmup'), number('start'), floor);
    case 'polynomial':
      return polynomial(number('total'), number('power'), number('endLr') / number('baseLr'));
    case 'exponential':
      return exponential(number('gamma'));
    default:
      return null;
  }
}

/** Adam with decay added to the gradient; values after every step. */
export const compareOptimizer: Adapter = async (example) => {
  const { params, inputs, expected } = example;
  const plain =
    params['optimizer'] === 'adam' && params['amsgrad'] !== true && params['clipGlobalNorm'] === undefined;
  if (!plain)
    return { skip: 'only Adam without AMSGrad or clipping is implemented (a later issue brings the others)' };
  const { kernels } = await openBackend('auto');
  const names = ['backbone', 'centers'] as const;
  const variables = names.map((name) => tf.variable(tf.tensor1d(inputs[`${name}0`]!.data)));
  const beta1 = numberOf(params['beta1']);
  const beta2 = numberOf(params['beta2']);
  const adam = kernels.createAdam(
    variables.map((variable, group) => ({ name: names[group]!, group, variable })),
    beta1,
    beta2,
  );
  const rates = [numberOf(params['lrBackbone']), numberOf(params['lrCenters'])];
  const got: number[][] = [[], []];
  for (let step = 0; step < numberOf(params['steps']); step++) {
    tf.tidy(() => {
      const gradients = gradientsOf(example, variables, step);
      const decayed = gradients.map((g, i) =>
        addWeightDecay(g, variables[i]!, numberOf(params['weightDecay'])),
      );
      const { groupRates, epsilon } = adamStep(step + 1, rates, {
        beta1,
        beta2,
        epsilon: numberOf(params['eps']),
      });
      adam.apply(decayed, {
        groupRates: groupRates.map((rate) => tf.scalar(rate)),
        epsilon: tf.scalar(epsilon),
      });
    });
    variables.forEach((variable, i) => got[i]!.push(...variable.dataSync()));
  }
  adam.dispose();
  return names.map((name, i): Check =>
    check(name, got[i]!, tensorOf(expected[name]).data, example, ['float32']),
  );
};

/** theta is backbone then centres, as the file's formula says; worked out in double precision. */
function gradientsOf(
  { params, inputs }: ParityCase,
  variables: readonly tf.Variable[],
  step: number,
): tf.Tensor[] {
  const sizes = variables.map((variable) => variable.size);
  if (params['problem'] === 'gradients') {
    return ['gradBackbone', 'gradCenters'].map((name, i) =>
      tf.tensor1d(inputs[name]!.data.slice(step * sizes[i]!, (step + 1) * sizes[i]!)),
    );
  }
  const theta = variables.flatMap((variable) => [...variable.dataSync()]);
  const dot = (matrix: readonly number[], row: number): number =>
    theta.reduce((sum, value, j) => sum + value * matrix[row * theta.length + j]!, 0);
  let gradient: number[];
  if (params['problem'] === 'quadratic') {
    gradient = theta.map((_, i) => dot(inputs['A']!.data, i) - inputs['b']!.data[i]!);
  } else {
    const { data: x } = inputs['X']!;
    const { data: y } = inputs['y']!;
    gradient = theta.map((_, j) =>
      y.reduce(
        (sum, label, i) =>
          sum + ((1 / (1 + Math.exp(-dot(x, i))) - label) * x[i * theta.length + j]!) / y.length,
        0,
      ),
    );
  }
  return [tf.tensor1d(gradient.slice(0, sizes[0])), tf.tensor1d(gradient.slice(sizes[0]))];
}
