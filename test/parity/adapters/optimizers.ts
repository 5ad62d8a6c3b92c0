import * as tf from '@tensorflow/tfjs-core';
import { composedKernels } from '#learn/backend/composed.ts';
import type { Kernels } from '#learn/backend/kernels.ts';
import { clipped } from '#learn/models/train-step.ts';
import { updateRule } from '#learn/optimizers/optimizers.ts';
import { type Schedule, cosine, exponential, polynomial, stepDecay } from '#learn/schedules/schedule.ts';
import { openParityBackend } from '../backend.ts';
import { type Adapter, type Check, type ParityCase, check, numberOf, tensorOf } from '../case.ts';
import type { FixtureTensor } from '../learn-fixture.ts';

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

const NAMES = ['backbone', 'centers'] as const;

/** Values after every step and the state after the fifth, by TensorFlow's kernels and by plain operations. */
export const compareOptimizer: Adapter = async (example) => {
  const { kernels } = await openParityBackend();
  const both = kernels.id === 'composed' ? [kernels] : [kernels, composedKernels];
  return both.flatMap((one) => compareWith(one, example));
};

function compareWith(kernels: Kernels, example: ParityCase): Check[] {
  const { params, inputs, expected } = example;
  const number = (name: string, otherwise: number): number =>
    params[name] === undefined ? otherwise : numberOf(params[name]);
  const rule = updateRule({
    optimizer: params['optimizer'] as 'adam',
    adamBeta1: number('beta1', 0.9),
    adamBeta2: number('beta2', 0.999),
    adamEpsilon: number('eps', 1e-8),
    amsgrad: params['amsgrad'] === true,
    momentum: number('momentum', 0),
    nesterov: params['nesterov'] === true,
    rmspropDecay: number('decay', 0.99),
  });
  const decay = number('weightDecay', 0);
  const variables = NAMES.map((name) => tf.variable(tf.tensor1d(inputs[`${name}0`]!.data)));
  const optimizer = kernels.createOptimizer(
    variables.map((variable, group) => ({ name: NAMES[group]!, group, variable, decay })),
    rule,
  );
  const rates = [number('lrBackbone', 0), number('lrCenters', 0)];
  const got: number[][] = [[], []];
  let state: Float32Array[] = [];
  for (let step = 0; step < numberOf(params['steps']); step++) {
    tf.tidy(() => {
      const gradients = clipped(
        gradientsOf(example, variables, step),
        number('clipGlobalNorm', 0),
        optimizer,
      );
      const numbers = rates.map((rate) => rule.numbers(step + 1, rate).map((value) => tf.scalar(value)));
      optimizer.apply(gradients, numbers);
    });
    variables.forEach((variable, i) => got[i]!.push(...variable.dataSync()));
    if (step === 4) state = optimizer.readState()[1]!;
  }
  optimizer.dispose();
  tf.dispose(variables);
  const values = NAMES.map((name, i) =>
    check(`${name}, ${kernels.id}`, got[i]!, tensorOf(expected[name]).data, example, ['float32']),
  );
  const wanted = (expected['stateAfterStep5'] ?? {}) as Record<string, FixtureTensor>;
  const states = Object.entries(wanted).map(([name, { data }]) => {
    const slot = SLOTS[name] ?? [];
    const found = state[rule.slots.findIndex((own) => slot.includes(own))] ?? [];
    return check(`${name} after step 5, ${kernels.id}`, found, data, example, ['float32']);
  });
  return [...values, ...states];
}

/** The reference's names of what an optimiser keeps. */
const SLOTS: Readonly<Record<string, readonly string[]>> = {
  exp_avg: ['first'],
  exp_avg_sq: ['second'],
  max_exp_avg_sq: ['largest'],
  momentum_buffer: ['velocity'],
  square_avg: ['second'],
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
