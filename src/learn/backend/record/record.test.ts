import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type OpenBackend, openBackend } from '#workers/backend/open-backend.ts';
import { adam } from '../../optimizers/adam.ts';
import type { NativeBackend } from '../native/native-backend.ts';
import { record } from './record.ts';

let backend: OpenBackend;
let native: NativeBackend | null = null;
beforeAll(async () => {
  backend = await openBackend('auto');
  if (backend.nativeBackend?.binding.addFunction) native = backend.nativeBackend;
});

/** A small network with batch norm, a running variable and Adam; returns its step and its variables. */
function smallStep(): {
  step: (...inputs: tf.Tensor[]) => tf.Tensor;
  variables: tf.Variable[];
  statistics: tf.Variable[];
} {
  const { kernels } = backend;
  const random = (shape: number[], seed: number): tf.Tensor =>
    tf.mul(tf.randomNormal(shape, 0, 1, 'float32', seed), 0.3);
  const filter = tf.variable(random([3, 3, 3, 8], 1));
  const gamma = tf.variable(tf.ones([8]));
  const beta = tf.variable(tf.zeros([8]));
  const head = tf.variable(random([8, 4], 2));
  const variables = [filter, gamma, beta, head];
  const statistics = [tf.variable(tf.zeros([8]), false), tf.variable(tf.ones([8]), false)] as [
    tf.Variable,
    tf.Variable,
  ];
  const rule = adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-4, amsgrad: false, decoupledDecay: false });
  const optimizer = kernels.createOptimizer(
    variables.map((variable, i) => ({ name: String(i), group: 0, variable, decay: 0 })),
    rule,
  );
  const step = (images: tf.Tensor, labels: tf.Tensor, rate: tf.Tensor): tf.Tensor =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => {
        const conv = tf.conv2d(images as tf.Tensor4D, filter as unknown as tf.Tensor4D, 2, 'same');
        const state = {
          gamma: gamma as unknown as tf.Tensor1D,
          beta: beta as unknown as tf.Tensor1D,
          movingMean: statistics[0],
          movingVariance: statistics[1],
        };
        const y = kernels.activate(kernels.batchNorm(conv, state, { epsilon: 1e-3, momentum: 0.1 }), 'relu6');
        const logits = tf.matMul<tf.Tensor2D>(tf.mean(y, [1, 2]), head);
        return tf.mean<tf.Scalar>(kernels.softmaxCrossEntropy(logits, labels as tf.Tensor1D));
      }, variables);
      optimizer.apply(
        variables.map((v) => grads[v.name] as tf.Tensor),
        [[rate, tf.scalar(1e-4)]],
      );
      return value;
    });
  return { step, variables, statistics };
}

function inputsOf(call: number, batch = 6): tf.Tensor[] {
  return [
    tf.randomNormal([batch, 8, 8, 3], 0, 1, 'float32', 100 + call),
    tf.tensor1d(
      Array.from({ length: batch }, (_, i) => (i + call) % 4),
      'int32',
    ),
    tf.scalar(0.01 / (1 + call)),
  ];
}

function lossesOf(step: (...inputs: tf.Tensor[]) => tf.Tensor, calls: number): number[] {
  return Array.from({ length: calls }, (_, call) => {
    const inputs = inputsOf(call);
    const loss = step(...inputs);
    const value = loss.dataSync()[0] as number;
    tf.dispose([loss, ...inputs]);
    return value;
  });
}

describe('record', () => {
  it('replays a training step with the same losses, weights and statistics', () => {
    if (!native) return expect(backend.native).toBe(false);
    const eager = smallStep();
    const wanted = lossesOf(eager.step, 12);
    const again = smallStep();
    const warnings: string[] = [];
    const recorded = record(native, again.step, (reason) => warnings.push(reason));
    const got = lossesOf((...inputs) => recorded.call(...inputs), 12);
    expect(warnings).toEqual([]);
    expect(recorded.isReplaying()).toBe(true);
    for (const [i, want] of wanted.entries()) expect(Math.abs((got[i] as number) - want)).toBeLessThan(1e-5);
    expect(new Set(got).size).toBe(12);
    for (const [i, variable] of [...eager.variables, ...eager.statistics].entries()) {
      const other = [...again.variables, ...again.statistics][i] as tf.Variable;
      const largest = Math.max(
        ...variable.dataSync().map((v, j) => Math.abs(v - (other.dataSync()[j] as number))),
      );
      expect(largest).toBeLessThan(1e-5);
    }
    recorded.dispose();
    return undefined;
  });

  it('keeps neither tensors nor native handles', () => {
    if (!native) return expect(backend.native).toBe(false);
    const { step } = smallStep();
    const recorded = record(native, step, () => undefined);
    lossesOf((...inputs) => recorded.call(...inputs), 5);
    const before = [tf.memory().numTensors, native.binding.getNumOfTensors()];
    lossesOf((...inputs) => recorded.call(...inputs), 10);
    expect([tf.memory().numTensors, native.binding.getNumOfTensors()]).toEqual(before);
    recorded.dispose();
    return undefined;
  });

  it('records each shape of arguments for itself', () => {
    if (!native) return expect(backend.native).toBe(false);
    const recorded = record(
      native,
      (x) => tf.tidy(() => tf.sum(tf.square(x))),
      () => undefined,
    );
    for (const size of [3, 5, 3, 5, 3, 5, 3, 5]) {
      expect(recorded.call(tf.ones([size])).dataSync()[0]).toBe(size);
    }
    expect(recorded.isReplaying()).toBe(true);
    return undefined;
  });

  it('stays with running as usual, and says why, where a value is read inside', () => {
    if (!native) return expect(backend.native).toBe(false);
    const warnings: string[] = [];
    const recorded = record(
      native,
      (x) => tf.mul(x, tf.sum(x).dataSync()[0] as number),
      (w) => warnings.push(w),
    );
    for (const value of [1, 2, 3])
      expect(recorded.call(tf.tensor1d([value, value])).dataSync()[0]).toBe(2 * value * value);
    expect(recorded.isReplaying()).toBe(false);
    expect(warnings.join()).toMatch(/could not be recorded.*reads a value while it runs/);
    return undefined;
  });

  it('gives up where JavaScript changes what is computed', () => {
    if (!native) return expect(backend.native).toBe(false);
    const warnings: string[] = [];
    let call = 0;
    const recorded = record(
      native,
      (x) => tf.tidy(() => tf.mul(x, ++call)),
      (w) => warnings.push(w),
    );
    for (let i = 1; i <= 8; i++) expect(recorded.call(tf.tensor1d([2])).dataSync()[0]).toBe(2 * i);
    expect(warnings.join()).toMatch(/changes from call to call/);
    return undefined;
  });
});
