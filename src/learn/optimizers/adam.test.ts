import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '#workers/backend/open-backend.ts';
import { type FixtureTensor, readFixture, shareOfTolerance } from '../../../test/parity/learn-fixture.ts';
import { composedKernels } from '../backend/composed.ts';
import type { Kernels } from '../backend/kernels.ts';
import { adamStep } from './adam.ts';
import { addWeightDecay } from './weight-decay.ts';

interface Params {
  readonly optimizer: string;
  readonly amsgrad?: boolean;
  readonly clipGlobalNorm?: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly weightDecay: number;
  readonly problem: 'gradients' | 'quadratic' | 'logistic';
  readonly steps: number;
  readonly lrBackbone: number;
  readonly lrCenters: number;
}
type Inputs = Readonly<Record<string, FixtureTensor>>;
interface Expected {
  readonly backbone: FixtureTensor;
  readonly centers: FixtureTensor;
  readonly stateAfterStep5: { readonly exp_avg: FixtureTensor; readonly exp_avg_sq: FixtureTensor };
}

const cases = readFixture<Params, Inputs, Expected>('optim/optimizers').cases.filter(
  ({ params }) =>
    params.optimizer === 'adam' && params.amsgrad !== true && params.clipGlobalNorm === undefined,
);

let native: Kernels | null = null;
beforeAll(async () => {
  const backend = await openBackend('auto');
  if (backend.native) native = backend.kernels;
});

describe('Adam against reference values', () => {
  expect(cases.length).toBeGreaterThanOrEqual(5);
  for (const { name, params, inputs, expected } of cases) {
    it.each(['composed', 'native'])(`${name}, %s`, (which) => {
      if (which === 'native' && !native) return expect(tf.getBackend()).toBe('wasm');
      const kernels = which === 'native' ? (native as Kernels) : composedKernels;
      const starts = [inputs['backbone0'], inputs['centers0']] as [FixtureTensor, FixtureTensor];
      const variables = starts.map(({ data, shape }) => tf.variable(tf.tensor(data, shape)));
      const adam = kernels.createAdam(
        variables.map((variable, group) => ({ name: String(group), group, variable })),
        params.beta1,
        params.beta2,
      );
      const tolerance = { abs: 2e-6, rel: 2e-5 };
      for (let step = 0; step < params.steps; step++) {
        tf.tidy(() => {
          const gradients = gradientsOf(params, inputs, variables, step);
          const decayed = gradients.map((g, i) =>
            addWeightDecay(g, variables[i] as tf.Variable, params.weightDecay),
          );
          const { groupRates, epsilon } = adamStep(step + 1, [params.lrBackbone, params.lrCenters], {
            beta1: params.beta1,
            beta2: params.beta2,
            epsilon: params.eps,
          });
          adam.apply(decayed, {
            groupRates: groupRates.map((r) => tf.scalar(r)),
            epsilon: tf.scalar(epsilon),
          });
        });
        for (const [i, want] of [expected.backbone, expected.centers].entries()) {
          const size = want.shape[1] as number;
          const row = want.data.slice(step * size, (step + 1) * size);
          expect(
            shareOfTolerance((variables[i] as tf.Variable).dataSync(), row, tolerance),
          ).toBeLessThanOrEqual(1);
        }
        if (step === 4) {
          const [, centers] = adam.readMoments();
          const state = expected.stateAfterStep5;
          expect(shareOfTolerance(centers?.first ?? [], state.exp_avg.data, tolerance)).toBeLessThanOrEqual(
            1,
          );
          expect(
            shareOfTolerance(centers?.second ?? [], state.exp_avg_sq.data, tolerance),
          ).toBeLessThanOrEqual(1);
        }
      }
      adam.dispose();
      return undefined;
    });
  }
});

/** theta is backbone then centres, as the fixture's formula says; worked out in double precision. */
function gradientsOf(
  { problem }: Params,
  inputs: Inputs,
  variables: readonly tf.Variable[],
  step: number,
): tf.Tensor[] {
  const sizes = variables.map((v) => v.size);
  if (problem === 'gradients') {
    return [inputs['gradBackbone'], inputs['gradCenters']].map((all, i) => {
      const size = sizes[i] as number;
      return tf.tensor1d((all as FixtureTensor).data.slice(step * size, (step + 1) * size));
    });
  }
  const theta = variables.flatMap((v) => [...v.dataSync()]);
  const dot = (matrix: FixtureTensor, row: number): number =>
    theta.reduce((sum, value, j) => sum + value * (matrix.data[row * theta.length + j] as number), 0);
  let gradient: number[];
  if (problem === 'quadratic') {
    const [a, b] = [inputs['A'], inputs['b']] as [FixtureTensor, FixtureTensor];
    gradient = theta.map((_, i) => dot(a, i) - (b.data[i] as number));
  } else {
    const [x, y] = [inputs['X'], inputs['y']] as [FixtureTensor, FixtureTensor];
    gradient = theta.map(() => 0);
    for (const [i, label] of y.data.entries()) {
      const error = 1 / (1 + Math.exp(-dot(x, i))) - label;
      for (const j of theta.keys()) {
        gradient[j] =
          (gradient[j] as number) + (error * (x.data[i * theta.length + j] as number)) / y.data.length;
      }
    }
  }
  return [tf.tensor1d(gradient.slice(0, sizes[0])), tf.tensor1d(gradient.slice(sizes[0]))];
}
