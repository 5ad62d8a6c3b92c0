import * as tf from '@tensorflow/tfjs-core';
import { assignValues } from './backend/composed-adam.ts';
import type { AdamUpdater, Kernels, Parameter } from './backend/kernels.ts';
import type { Network } from './backbones/network.ts';
import type { BuiltMethod, TrainingEmbeddings } from './losses/method.ts';
import { type TrainStep, createTrainStep } from './models/train-step.ts';
import { type TrainableModel, createTrainable } from './models/trainable.ts';
import type { WeightArray, Weights } from './models/weights.ts';
import { type AdamSettings, adamStep } from './optimizers/adam.ts';
import { MethodState } from './training/method-state.ts';
import { type StepResult, readStepResult } from './training/step-result.ts';

export type { StepResult } from './training/step-result.ts';

export interface TrainerOptions {
  readonly network: Network;
  readonly weights: Weights;
  readonly method: BuiltMethod;
  readonly dim: number;
  /** Of the random numbers that a method draws for its steps. */
  readonly seed: number;
  readonly freezeBatchNorm: boolean;
  readonly frozenStages?: number;
  readonly weightDecay: number;
  readonly adam: AdamSettings;
  readonly kernels: Kernels;
  /** Turns the step into one that is recorded and replayed; as it is by default. */
  readonly record?: (step: TrainStep) => TrainStep;
}

/** Recording compares two runs, after one or two in which constants are uploaded. */
const WARM_UP_STEPS = 4;

/** Moves a network by batches. Knows nothing of images, files, epochs or time. */
export class Trainer {
  readonly #model: TrainableModel;
  readonly #method: MethodState;
  /** What the optimiser moves. */
  readonly #parameters: readonly Parameter[];
  readonly #optimizer: AdamUpdater;
  readonly #adam: AdamSettings;
  readonly #step: TrainStep;

  constructor(options: TrainerOptions) {
    const { kernels, adam } = options;
    this.#adam = adam;
    this.#model = createTrainable(options);
    this.#method = new MethodState(options.method, options.seed);
    this.#parameters = [...this.#model.parameters, ...this.#method.parameters];
    this.#optimizer = kernels.createAdam(this.#parameters, adam.beta1, adam.beta2);
    const step = createTrainStep({
      model: this.#model,
      method: options.method,
      methodVariables: this.#method.variables,
      parameters: this.#parameters,
      moved: [...this.#method.moved.values()],
      optimizer: this.#optimizer,
      weightDecay: options.weightDecay,
    });
    this.#step = options.record ? options.record(step) : step;
  }

  /**
   * @param images [batch, size, size, 3] values 0 to 255, row-major
   * @param number of the step, from 1: Adam's bias correction and the method's draws need it
   * @param rates  one learning rate a group (backbone, head, method)
   */
  step(
    images: Float32Array,
    labels: Int32Array,
    size: number,
    number: number,
    rates: readonly number[],
  ): StepResult {
    const { groupRates, epsilon } = adamStep(number, rates, this.#adam);
    const batch = [
      tf.tensor4d(images, [labels.length, size, size, 3]),
      tf.tensor1d(labels, 'int32'),
    ] as const;
    const inputs = this.#method.inputs.ofStep(number);
    const numbers = [...groupRates, epsilon].map((value) => tf.scalar(value));
    const result = this.#step(...batch, ...inputs, ...numbers);
    const values = result.dataSync<'float32'>();
    tf.dispose([result, ...batch, ...numbers]);
    this.#method.inputs.release(inputs);
    return readStepResult(values, this.#method.method.figures ?? []);
  }

  /** Whether the method looks at the whole training part before every epoch. */
  get refreshes(): boolean {
    return this.#method.method.refresh !== undefined;
  }

  /** For each class its nearest others, [classes, m], as the last refresh found them. */
  get nearestClasses(): Int32Array | undefined {
    return this.#method.nearestClasses;
  }

  /**
   * Lets the method look at the training part and sets its inputs by what it found.
   * @param epoch from 0
   */
  refresh(whole: TrainingEmbeddings, epoch: number): void {
    this.#method.refresh(whole, epoch);
  }

  /**
   * Runs a few steps on empty images at rate 0 and puts back what they moved. A recorded step is then replayed from the
   * first real batch on, so that a resumed run computes with the same kernels as one that never stopped.
   */
  warmUp(batch: number, size: number): void {
    const moments = this.#optimizer.readMoments();
    const kept = [...this.#model.statistics.values(), ...this.#method.moved.values()].map(
      (variable) => [variable, arrayOf(variable).data] as const,
    );
    const rates = [0, 0, 0];
    for (let i = 0; i < WARM_UP_STEPS; i++) {
      this.step(new Float32Array(batch * size * size * 3), new Int32Array(batch), size, 1, rates);
    }
    this.#optimizer.writeMoments(moments);
    for (const [variable, values] of kept) assignValues(variable, values);
  }

  /** Every array of network, head and method, by name. */
  weights(): Map<string, WeightArray> {
    const arrays = new Map<string, WeightArray>();
    for (const { name, variable } of this.#parameters) arrays.set(name, arrayOf(variable));
    for (const [name, variable] of this.#method.moved) arrays.set(name, arrayOf(variable));
    for (const [name, variable] of this.#model.statistics) arrays.set(name, arrayOf(variable));
    return arrays;
  }

  /** The optimiser's moments as `optimizer/first/<name>` and `optimizer/second/<name>`, and the method's inputs. */
  slots(): Map<string, WeightArray> {
    const arrays = this.#method.arrays();
    for (const [i, { first, second }] of this.#optimizer.readMoments().entries()) {
      const { name, variable } = this.#parameters[i] as Parameter;
      arrays.set(`optimizer/first/${name}`, { shape: variable.shape, data: first });
      arrays.set(`optimizer/second/${name}`, { shape: variable.shape, data: second });
    }
    return arrays;
  }

  /** Takes over what `weights` and `slots` returned. Running statistics come with the weights given to the constructor. */
  restore(arrays: Weights): void {
    const value = (name: string): Float32Array => {
      const array = arrays.get(name);
      if (!array) throw new Error(`The checkpoint has no array "${name}".`);
      return array.data;
    };
    for (const [i, { name }] of this.#parameters.entries()) this.#optimizer.writeParameter(i, value(name));
    for (const [name, variable] of this.#method.moved) assignValues(variable, value(name));
    this.#optimizer.writeMoments(
      this.#parameters.map(({ name }) => ({
        first: value(`optimizer/first/${name}`),
        second: value(`optimizer/second/${name}`),
      })),
    );
    this.#method.restore(arrays);
  }

  diagnostics(): Record<string, number> {
    const { method, variables } = this.#method;
    return method.diagnostics?.(variables.map((variable) => arrayOf(variable).data)) ?? {};
  }

  dispose(): void {
    this.#optimizer.dispose();
    this.#model.dispose();
    this.#method.dispose();
  }
}

const arrayOf = (variable: tf.Variable): WeightArray => ({
  shape: variable.shape,
  data: variable.dataSync<'float32'>().slice(),
});
