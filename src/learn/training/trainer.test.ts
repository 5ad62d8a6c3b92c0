import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { type OpenBackend, openBackend } from '#workers/backend/open-backend.ts';
import { record } from '../backend/record/record.ts';
import type { BuiltMethod, TrainingEmbeddings } from '../losses/method.ts';
import { type OptimizerSettings, updateRule } from '../optimizers/optimizers.ts';
import type { TrainerOptions } from '../trainer.ts';
import {
  CLASSES,
  DIM,
  centersMethod,
  resumed,
  runSteps,
  smallTrainer,
  stateOf,
} from './testing/small-training.ts';

let backend: OpenBackend;
/** How the backend records; nothing where it cannot. */
let recording: Pick<TrainerOptions, 'record'> = {};
const warnings: string[] = [];
beforeAll(async () => {
  backend = await openBackend('auto', { threads: 1, plan: 'training' });
  const native = backend.nativeBackend;
  if (native?.binding.addFunction)
    recording = { record: (step) => record(native, step, (warning) => warnings.push(warning)) };
});

const settings: OptimizerSettings = {
  optimizer: 'adam',
  adamBeta1: 0.9,
  adamBeta2: 0.999,
  adamEpsilon: 1e-8,
  amsgrad: false,
  momentum: 0.9,
  nesterov: false,
  rmspropDecay: 0.99,
};
const OPTIMIZERS: readonly (readonly [string, Partial<OptimizerSettings>])[] = [
  ['Adam', {}],
  ['AMSGrad', { amsgrad: true }],
  ['AdamW', { optimizer: 'adamw' }],
  ['SGD', { optimizer: 'sgd', momentum: 0 }],
  ['Nesterov', { optimizer: 'sgd', nesterov: true }],
  ['RMSprop', { optimizer: 'rmsprop', momentum: 0 }],
  ['RMSprop with momentum', { optimizer: 'rmsprop', momentum: 0.5 }],
];
const everything = { clipNorm: 0.5, accumulate: 3, averageDecay: 0.9, decayVectors: false };
const groups = [
  { decay: 1e-3, frozenSteps: 5 },
  { decay: 1e-2, frozenSteps: 0 },
  { decay: 0, frozenSteps: 0 },
];

describe.each(OPTIMIZERS)('a trainer with %s', (_, chosen) => {
  const options = (): Partial<TrainerOptions> => ({ rule: updateRule({ ...settings, ...chosen }) });

  it.each([
    ['alone', {}],
    ['with clipping, accumulation, averages and a frozen start', { ...everything, groups }],
  ])('replays 20 steps as they are, %s', (_, more) => {
    const usual = smallTrainer(backend.kernels, { ...options(), ...more });
    const wanted = runSteps(usual, 0, 20);
    const recorded = smallTrainer(backend.kernels, { ...options(), ...more, ...recording });
    const report = recorded.rehearse(6, 8, 0);
    if (recording.record) expect(report).toEqual({ recorded: true, reason: null, difference: 0 });
    expect(runSteps(recorded, 0, 20)).toEqual(wanted);
    expect(stateOf(recorded)).toEqual(stateOf(usual));
    expect(wanted.at(-1)?.loss).toBeLessThan(wanted[0]?.loss as number);
    expect(warnings).toEqual([]);
    usual.dispose();
    recorded.dispose();
  });

  it.each([1, 4, 5, 7, 9])('goes on from step %i as if it had never stopped', (stop) => {
    const all = { ...options(), ...everything, groups, ...recording };
    const whole = smallTrainer(backend.kernels, all);
    whole.rehearse(6, 8, 0);
    const wanted = runSteps(whole, 0, 14);
    const first = smallTrainer(backend.kernels, all);
    runSteps(first, 0, stop);
    const rest = resumed(stateOf(first), backend.kernels, all);
    rest.rehearse(6, 8, stop);
    expect(runSteps(rest, stop, 14)).toEqual(wanted.slice(stop));
    expect(stateOf(rest)).toEqual(stateOf(whole));
    for (const trainer of [whole, first, rest]) trainer.dispose();
  });
});

describe('what a trainer leaves', () => {
  it('is no tensor and no native handle', () => {
    const count = (): number[] => [
      tf.memory().numTensors,
      backend.nativeBackend?.binding.getNumOfTensors() ?? 0,
    ];
    const before = count();
    const trainer = smallTrainer(backend.kernels, { ...everything, groups, ...recording });
    trainer.rehearse(6, 8, 0);
    runSteps(trainer, 0, 9);
    const early = count();
    runSteps(trainer, 9, 21);
    expect(count()).toEqual(early);
    trainer.dispose();
    expect(count()).toEqual(before);
  });
});

describe('groups', () => {
  const moved = (before: ReadonlyMap<string, { data: Float32Array }>, after: typeof before): string[] =>
    [...before.keys()].filter((name) =>
      before.get(name)?.data.some((v, i) => v !== after.get(name)?.data[i]),
    );

  it('stay as they are while they are frozen, and then move as if they began there', () => {
    const trainer = smallTrainer(backend.kernels, { groups, freezeBatchNorm: true });
    const start = trainer.weights();
    runSteps(trainer, 0, 5);
    const frozen = trainer.weights();
    expect(moved(start, frozen)).toEqual(['head/kernel', 'head/bias', 'method/centers']);
    runSteps(trainer, 5, 6);
    const first = trainer.weights().get('conv1.weight')?.data as Float32Array;
    const filter = frozen.get('conv1.weight')?.data as Float32Array;
    // Adam's first step is the rate, whatever the gradient: 0.01 / 6.
    const largest = Math.max(...first.map((value, i) => Math.abs(value - (filter[i] as number))));
    expect(largest).toBeCloseTo(0.01 / 6, 6);
    trainer.dispose();
  });

  it('do not move for good where they are frozen for good', () => {
    const forGood = [{ decay: 0, frozenSteps: Infinity }, ...groups.slice(1)];
    const trainer = smallTrainer(backend.kernels, { groups: forGood, freezeBatchNorm: true });
    const start = trainer.weights();
    runSteps(trainer, 0, 3);
    expect(moved(start, trainer.weights())).toEqual(['head/kernel', 'head/bias', 'method/centers']);
    trainer.dispose();
  });

  it('gather gradients that move nothing before their update', () => {
    const trainer = smallTrainer(backend.kernels, { accumulate: 3, freezeBatchNorm: true });
    const start = trainer.weights();
    runSteps(trainer, 0, 2);
    expect(moved(start, trainer.weights())).toEqual([]);
    runSteps(trainer, 2, 3);
    expect(moved(start, trainer.weights())).toContain('conv1.weight');
    trainer.dispose();
  });
});

describe('averages', () => {
  it('are what is evaluated, between the start and the trained values', () => {
    const trainer = smallTrainer(backend.kernels, { averageDecay: 0.9 });
    runSteps(trainer, 0, 10);
    const [average, trained] = [trainer.weights(), trainer.trainingWeights()].map(
      (arrays) => arrays.get('head/kernel')?.data as Float32Array,
    ) as [Float32Array, Float32Array];
    expect(average).not.toEqual(trained);
    expect(trainer.slots().get('training/head/kernel')?.data).toEqual(trained);
    trainer.dispose();
  });
});

describe('what a method hands over', () => {
  const seen: TrainingEmbeddings[] = [];
  const method = (): BuiltMethod => ({
    parameters: [
      { name: 'centers', shape: [DIM, CLASSES], initial: new Float32Array(DIM * CLASSES).fill(0.1) },
      { name: 'count', shape: [CLASSES], initial: new Float32Array(CLASSES), rate: 'none' },
      { name: 'scale', shape: [], initial: Float32Array.of(2), rate: 'head' },
    ],
    inputs: [
      {
        name: 'noise',
        shape: [DIM],
        initial: new Float32Array(DIM),
        draw: (r) => Float32Array.from({ length: DIM }, () => r.normal()),
      },
      { name: 'shift', shape: [CLASSES], initial: new Float32Array(CLASSES) },
    ],
    figures: ['noise', 'shift'],
    loss: (batch) => {
      const [centers, , scale] = batch.trained as [tf.Tensor2D, tf.Tensor, tf.Scalar];
      const [noise, shift] = batch.inputs as [tf.Tensor, tf.Tensor];
      const logits = tf.add<tf.Tensor2D>(tf.mul(tf.matMul(batch.embeddings, centers), scale), shift);
      const perSample = backend.kernels.softmaxCrossEntropy(logits, batch.labels);
      return { value: tf.mean(perSample), perSample, figures: [tf.sum(noise), tf.sum(shift)] };
    },
    move: ({ labels, trained }) => [
      tf.add(trained[1] as tf.Tensor, tf.sum(tf.cast(tf.oneHot(labels, CLASSES), 'float32'), 0)),
    ],
    refresh: (whole) => {
      seen.push(whole);
      return { inputs: [Float32Array.of(1, 2, 3)], nearestClasses: Int32Array.of(1, 2, 0, 2, 0, 1) };
    },
  });
  const whole: TrainingEmbeddings = {
    dim: DIM,
    classes: CLASSES,
    embeddings: new Float32Array(DIM),
    raw: new Float32Array(DIM),
    labels: Int32Array.of(0),
  };

  it('is drawn anew each step, set by a refresh, moved by itself and measured', () => {
    const trainer = smallTrainer(backend.kernels, { method: method(), ...recording });
    trainer.rehearse(6, 8, 0);
    expect(trainer.weights().get('method/count')?.data).toEqual(new Float32Array(CLASSES));
    const before = runSteps(trainer, 0, 3);
    expect(new Set(before.map(({ measures }) => measures['noise'])).size).toBe(3);
    expect(before.map(({ measures }) => measures['shift'])).toEqual([0, 0, 0]);
    expect(trainer.refreshes).toBe(true);
    trainer.refresh(whole, 1);
    const after = runSteps(trainer, 3, 5);
    expect(after.map(({ measures }) => measures['shift'])).toEqual([6, 6]);
    expect(trainer.nearestClasses).toEqual(Int32Array.of(1, 2, 0, 2, 0, 1));
    const arrays = trainer.weights();
    expect(arrays.get('method/count')?.data).toEqual(Float32Array.of(10, 10, 10));
    expect(arrays.get('method/scale')?.data[0]).not.toBe(2);
    const last = after.at(-1);
    expect(last?.perSample).toHaveLength(6);
    const mean = (last?.perSample as Float32Array).reduce((sum, v) => sum + v, 0) / 6;
    expect(last?.loss).toBeCloseTo(mean, 5);
    expect(last?.measures['meanPositiveDistance']).toBeGreaterThan(0);
    expect(warnings).toEqual([]);

    const rest = resumed(stateOf(trainer), backend.kernels, { method: method(), ...recording });
    expect(rest.nearestClasses).toEqual(trainer.nearestClasses);
    expect(runSteps(rest, 5, 8)).toEqual(runSteps(trainer, 5, 8));
    trainer.dispose();
    rest.dispose();
  });
});

describe('a batch without pairs', () => {
  it('has no mean distance of them', () => {
    const trainer = smallTrainer(backend.kernels, { method: centersMethod(backend.kernels) });
    const step = (labels: Int32Array): Readonly<Record<string, number>> =>
      trainer.step(
        new Float32Array(2 * 8 * 8 * 3).map((_, i) => i % 200),
        labels,
        8,
        1,
        [0, 0, 0],
      ).measures;
    expect(step(Int32Array.of(0, 1))).not.toHaveProperty('meanPositiveDistance');
    expect(step(Int32Array.of(0, 1))['meanNegativeDistance']).toBeGreaterThan(0);
    expect(step(Int32Array.of(1, 1))).not.toHaveProperty('meanNegativeDistance');
    trainer.dispose();
  });
});

describe('a step that cannot be recorded', () => {
  it('runs one operation at a time, and the rehearsal says why', () => {
    const reading = centersMethod(backend.kernels);
    const method: BuiltMethod = {
      ...reading,
      loss: (batch) => {
        batch.labels.dataSync();
        return reading.loss(batch);
      },
    };
    const trainer = smallTrainer(backend.kernels, { method, ...recording });
    const { recorded, reason } = trainer.rehearse(6, 8, 0);
    expect(recorded).toBe(false);
    expect(reason).toMatch(recording.record ? /reads a value while it runs/ : /no recorded functions/);
    expect(runSteps(trainer, 0, 4)).toHaveLength(4);
    warnings.length = 0;
    trainer.dispose();
  });

  it('is found by a check while the run goes on', () => {
    if (!recording.record) return expect(backend.native).toBe(false);
    let factor = 1;
    const steady = centersMethod(backend.kernels);
    const method: BuiltMethod = {
      ...steady,
      loss: (batch) => {
        const { value, ...rest } = steady.loss(batch);
        return { ...rest, value: tf.mul(value, factor) };
      },
    };
    const trainer = smallTrainer(backend.kernels, { method, ...recording });
    trainer.rehearse(6, 8, 0);
    runSteps(trainer, 0, 1);
    factor = 2;
    const images = new Float32Array(6 * 8 * 8 * 3);
    trainer.step(images, new Int32Array(6), 8, 2, [0, 0, 0], true);
    expect(warnings.join()).toMatch(/changes from call to call/);
    warnings.length = 0;
    trainer.dispose();
    return undefined;
  });
});
