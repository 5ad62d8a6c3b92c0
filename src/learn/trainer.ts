import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from './backend/kernels.ts';
import { type Recorded, unrecorded } from './backend/record/record.ts';
import type { Network } from './backbones/network.ts';
import type { BuiltMethod, TrainingEmbeddings } from './losses/method.ts';
import { type StepKind, type TrainStep, type TrainStepParts, createTrainStep } from './models/train-step.ts';
import { createTrainable } from './models/trainable.ts';
import type { WeightArray, Weights } from './models/weights.ts';
import type { DecayedParameter } from './optimizers/optimizer.ts';
import type { UpdateRule } from './optimizers/update-rule.ts';
import { AveragedWeights } from './training/averaged-weights.ts';
import { GradientAccumulator } from './training/gradient-accumulator.ts';
import { type GroupSettings, frozenGroups, updatesOf, withDecay } from './training/groups.ts';
import { MethodState } from './training/method-state.ts';
import { type RecordingReport, agrees, resultDifference } from './training/rehearsal.ts';
import { type StepResult, readStepResult } from './training/step-result.ts';
import { TrainedState, arrayOf } from './training/trained-state.ts';

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
  readonly rule: UpdateRule;
  /** Backbone, head, method. */
  readonly groups: readonly GroupSettings[];
  /** Whether biases and the norms' scales and shifts decay with the rest of their group; they do by default. */
  readonly decayVectors?: boolean;
  /** Global norm that gradients are shortened to; 0, the default, leaves them. */
  readonly clipNorm?: number;
  /** Batches whose mean gradient makes one update; 1 by default. */
  readonly accumulate?: number;
  /** Share of the old average that an update keeps; 0, the default, keeps no averages. */
  readonly averageDecay?: number;
  readonly kernels: Kernels;
  /** Turns a step into one that is recorded and replayed; left out, steps run as they are. */
  readonly record?: (step: TrainStep) => Recorded;
}

/** A recording takes two equal runs, after one or two in which constants are uploaded. */
const REHEARSED_STEPS = 5;
const NOT_ASKED = 'this backend has no recorded functions';

/** Moves a network by batches. Knows nothing of images, files, epochs or time. */
export class Trainer {
  readonly #method: MethodState;
  readonly #parameters: readonly DecayedParameter[];
  readonly #rule: UpdateRule;
  readonly #groups: readonly GroupSettings[];
  readonly #accumulate: number;
  readonly #averages: AveragedWeights | null;
  readonly #state: TrainedState;
  readonly #parts: TrainStepParts;
  readonly #record: TrainerOptions['record'];
  /** By kind of step. */
  readonly #steps = new Map<string, Recorded>();

  constructor(options: TrainerOptions) {
    const { kernels, rule, groups, accumulate = 1, averageDecay = 0 } = options;
    const model = createTrainable(options);
    this.#rule = rule;
    this.#groups = groups;
    this.#accumulate = accumulate;
    this.#record = options.record;
    this.#method = new MethodState(options.method, options.seed);
    const all = [...model.parameters, ...this.#method.parameters];
    const parameters = withDecay(all, groups, options.decayVectors ?? true);
    this.#parameters = parameters;
    this.#averages = averageDecay > 0 ? new AveragedWeights(parameters, averageDecay) : null;
    const accumulator = accumulate > 1 ? new GradientAccumulator(parameters, accumulate) : null;
    const optimizer = kernels.createOptimizer(parameters, rule);
    const moving = { model, parameters, optimizer, accumulator, averages: this.#averages };
    this.#state = new TrainedState({ ...moving, method: this.#method, slots: rule.slots });
    this.#parts = {
      ...moving,
      method: options.method,
      methodVariables: this.#method.variables,
      moved: [...this.#method.moved.values()],
      numbersPerGroup: rule.numbers(1, 1).length,
      groups: groups.length,
      clipNorm: options.clipNorm ?? 0,
    };
  }

  /**
   * @param images  [batch, size, size, 3] values 0 to 255, row-major
   * @param number  of the step, from 1: freezing, accumulation, bias correction and the method's draws go by it
   * @param rates   one learning rate a group
   * @param retrace run one operation at a time and compare with what was recorded
   */
  step(
    images: Float32Array,
    labels: Int32Array,
    size: number,
    number: number,
    rates: readonly number[],
    retrace = false,
  ): StepResult {
    const runner = this.#runner(this.#kindOf(number));
    const batch = [
      tf.tensor4d(images, [labels.length, size, size, 3]),
      tf.tensor1d(labels, 'int32'),
    ] as const;
    const inputs = this.#method.inputs.ofStep(number);
    const numbers = this.#numbers(number, rates).map((value) => tf.scalar(value));
    const given = [...batch, ...inputs, ...numbers];
    const result = retrace ? runner.retrace(...given) : runner.call(...given);
    const values = result.dataSync<'float32'>();
    tf.dispose([result, ...batch, ...numbers]);
    this.#method.inputs.release(inputs);
    return readStepResult(values, this.#method.method.figures ?? []);
  }

  /**
   * Records the kinds of steps that come after step `from`, on invented images, and compares replayed with usual steps;
   * then puts back everything that they moved. So the first real batch is replayed already, and a resumed run computes
   * with the same kernels as one that never stopped.
   */
  rehearse(batch: number, size: number, from: number): RecordingReport {
    if (!this.#record) return { recorded: false, reason: NOT_ASKED, difference: 0 };
    const images = Float32Array.from({ length: batch * size * size * 3 }, (_, i) => (i * 2654435761) % 256);
    const labels = Int32Array.from({ length: batch }, (_, i) => i % 2);
    const before = new Map([...this.#state.weights(), ...this.#state.slots()]);
    const run = (number: number, times: number, until: () => boolean): StepResult[] => {
      const results: StepResult[] = [];
      while (results.length < times && !until())
        results.push(
          this.step(
            images,
            labels,
            size,
            number,
            this.#groups.map(() => 1e-5),
          ),
        );
      this.#state.restore(before);
      return results;
    };
    let largest = 0;
    for (const number of this.#firstOfEachKind(from)) {
      const runner = this.#runner(this.#kindOf(number));
      const usual = run(number, REHEARSED_STEPS, () => runner.isReplaying());
      if (!runner.isReplaying()) return { recorded: false, reason: runner.reason(), difference: 0 };
      const difference = resultDifference(
        run(number, usual.length, () => false),
        usual,
      );
      largest = Math.max(largest, difference);
      if (agrees(difference)) continue;
      const reason = `replayed steps differ from usual ones by ${difference.toExponential(1)}`;
      for (const step of this.#steps.values()) step.abandon(reason);
      return { recorded: false, reason, difference };
    }
    return { recorded: true, reason: null, difference: largest };
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

  /** Every array of network, head and method as they are evaluated: averages, where they are kept. */
  weights(): Map<string, WeightArray> {
    return this.#state.weights();
  }

  /** As `weights`, without averages. */
  trainingWeights(): Map<string, WeightArray> {
    return this.#state.trainingWeights();
  }

  /** What going on needs beside the weights. */
  slots(): Map<string, WeightArray> {
    return this.#state.slots();
  }

  /** Takes over what `weights` and `slots` returned. */
  restore(arrays: Weights): void {
    this.#state.restore(arrays);
  }

  diagnostics(): Record<string, number> {
    const { method, variables } = this.#method;
    return method.diagnostics?.(variables.map((variable) => arrayOf(variable).data)) ?? {};
  }

  dispose(): void {
    for (const step of this.#steps.values()) step.dispose();
    this.#state.dispose();
  }

  #kindOf(number: number): StepKind {
    return {
      frozen: frozenGroups(this.#groups, this.#parameters, number),
      updates: number % this.#accumulate === 0,
    };
  }

  /** Numbers of the first step of each kind after step `from`. */
  #firstOfEachKind(from: number): number[] {
    const starts = [from, ...this.#groups.map((group) => group.frozenSteps)];
    const found = new Map<string, number>();
    for (const start of starts.filter((at) => at >= from && Number.isFinite(at))) {
      for (let i = 1; i <= this.#accumulate; i++) {
        const key = keyOf(this.#kindOf(start + i));
        if (!found.has(key)) found.set(key, start + i);
      }
    }
    return [...found.values()];
  }

  #runner(kind: StepKind): Recorded {
    const key = keyOf(kind);
    let runner = this.#steps.get(key);
    if (!runner) {
      const step = createTrainStep(this.#parts, kind);
      runner = this.#record?.(step) ?? unrecorded(step, NOT_ASKED);
      this.#steps.set(key, runner);
    }
    return runner;
  }

  /** The optimiser's numbers of each group, and the share of the new weights in their averages. */
  #numbers(step: number, rates: readonly number[]): number[] {
    const numbers = this.#groups.flatMap((group, i) =>
      this.#rule.numbers(updatesOf(group, step, this.#accumulate), rates[i] ?? 0),
    );
    const update = Math.max(1, Math.floor(step / this.#accumulate));
    return this.#averages ? [...numbers, this.#averages.share(update)] : numbers;
  }
}

const keyOf = ({ frozen, updates }: StepKind): string => `${frozen.join()} ${String(updates)}`;
