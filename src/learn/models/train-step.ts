import * as tf from '@tensorflow/tfjs-core';
import type { Parameter } from '../backend/kernels.ts';
import type { BuiltMethod, MethodBatch } from '../losses/method.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { AveragedWeights } from '../training/averaged-weights.ts';
import { batchMeasures } from '../training/batch-measures.ts';
import type { GradientAccumulator } from '../training/gradient-accumulator.ts';
import type { TrainableModel } from './trainable.ts';

/**
 * One training step as a function of declared inputs alone: images [batch, size, size, 3], labels int32 [batch], the
 * method's inputs, the optimiser's numbers of each group and, where weights are averaged, the share of the new ones, as
 * scalars. It moves the variables and returns the step's measures, the method's figures and the samples' losses one after
 * the other. Whatever changes from step to step is an argument, so that the step can be recorded.
 */
export type TrainStep = (...inputs: tf.Tensor[]) => tf.Tensor1D;

export interface TrainStepParts {
  readonly model: Pick<TrainableModel, 'forward'>;
  readonly method: BuiltMethod;
  /** All of the method's, in its order. */
  readonly methodVariables: readonly tf.Variable[];
  /** What the gradient moves: the model's and those of the method's that have a rate. */
  readonly parameters: readonly Parameter[];
  /** Those that the method moves itself, in the order of `move`. */
  readonly moved: readonly tf.Variable[];
  readonly optimizer: Optimizer;
  /** Scalars of one group. */
  readonly numbersPerGroup: number;
  readonly groups: number;
  /** Global norm that gradients are shortened to; 0 to leave them. */
  readonly clipNorm: number;
  readonly accumulator: GradientAccumulator | null;
  readonly averages: AveragedWeights | null;
}

/** What makes one step's operations differ from another's: each kind is recorded for itself. */
export interface StepKind {
  /** Groups that stay as they are; their gradients are not worked out. */
  readonly frozen: readonly number[];
  /** Whether the gradient moves the parameters now, or is added up for a later step. */
  readonly updates: boolean;
}

export function createTrainStep(parts: TrainStepParts, { frozen, updates }: StepKind): TrainStep {
  const { method, methodVariables, parameters, moved, optimizer, accumulator, averages } = parts;
  const inputCount = method.inputs?.length ?? 0;
  const moving = parameters.map(({ group, variable }) => (frozen.includes(group) ? null : variable));
  return (images, labels, ...rest) =>
    tf.tidy(() => {
      const inputs = rest.slice(0, inputCount);
      const numbers = rest.slice(inputCount);
      const read = {
        labels: labels as tf.Tensor1D,
        trained: methodVariables as readonly tf.Tensor[],
        inputs,
      };
      const { loss, batch, gradients } = differentiate(parts, moving, images as tf.Tensor4D, read);
      // Read before anything moves: the update is in place.
      const targets = method.move?.(batch) ?? [];
      const measures = [
        loss.value,
        globalNorm(gradients, optimizer),
        ...batchMeasures(batch.embeddings, batch.labels),
      ];
      if (updates) {
        const whole = accumulator ? accumulator.take(gradients) : gradients;
        optimizer.apply(clipped(whole, parts.clipNorm, optimizer), byGroup(numbers, parts));
        averages?.follow(numbers.at(-1) as tf.Tensor);
      } else accumulator?.add(gradients);
      for (const [i, variable] of moved.entries()) variable.assign(targets[i] as tf.Tensor);
      const scalars = tf.stack([...measures, ...(loss.figures ?? [])]) as tf.Tensor1D;
      const result = loss.perSample ? tf.concat1d([scalars, loss.perSample]) : scalars;
      tf.dispose([loss.value, batch.embeddings, batch.raw, batch.features]);
      tf.dispose([...(loss.figures ?? []), ...(loss.perSample ? [loss.perSample] : [])]);
      return result;
    });
}

interface Differentiated {
  readonly loss: ReturnType<BuiltMethod['loss']>;
  readonly batch: MethodBatch;
  /** In the order of the parameters; null where frozen, zeros where the loss does not depend on one. */
  readonly gradients: readonly (tf.Tensor | null)[];
}

function differentiate(
  { model, method }: TrainStepParts,
  moving: readonly (tf.Variable | null)[],
  images: tf.Tensor4D,
  read: Pick<MethodBatch, 'labels' | 'trained' | 'inputs'>,
): Differentiated {
  const found: Partial<{ loss: Differentiated['loss']; batch: MethodBatch }> = {};
  const { value, grads } = tf.variableGrads(
    () => {
      const passed = model.forward(images);
      const batch = { ...passed, ...read };
      const loss = method.loss(batch);
      // What is looked at after the gradient must outlive its tape.
      for (const tensor of [passed.embeddings, passed.raw, passed.features]) tf.keep(tensor);
      for (const tensor of loss.figures ?? []) tf.keep(tensor);
      if (loss.perSample) tf.keep(loss.perSample);
      Object.assign(found, { loss, batch });
      return loss.value;
    },
    moving.filter((variable) => variable !== null),
  );
  const { loss, batch } = found as Required<typeof found>;
  const gradients = moving.map((variable) => variable && (grads[variable.name] ?? tf.zerosLike(variable)));
  return { loss: { ...loss, value }, batch, gradients };
}

/** All gradients together made shorter where they are longer than `norm`, as torch's clip_grad_norm_ does. */
export function clipped(
  gradients: readonly (tf.Tensor | null)[],
  norm: number,
  optimizer: Pick<Optimizer, 'sumOfSquares'>,
): readonly (tf.Tensor | null)[] {
  if (norm === 0) return gradients;
  const factor = tf.minimum(1, tf.div(norm, tf.add(globalNorm(gradients, optimizer), 1e-6)));
  return gradients.map((gradient) => gradient && tf.mul(gradient, factor));
}

const globalNorm = (
  gradients: readonly (tf.Tensor | null)[],
  optimizer: Pick<Optimizer, 'sumOfSquares'>,
): tf.Scalar =>
  tf.sqrt(
    tf.addN(
      gradients.filter((gradient) => gradient !== null).map((gradient) => optimizer.sumOfSquares(gradient)),
    ),
  );

const byGroup = (
  numbers: readonly tf.Tensor[],
  { groups, numbersPerGroup }: TrainStepParts,
): (readonly tf.Tensor[])[] =>
  Array.from({ length: groups }, (_, group) =>
    numbers.slice(group * numbersPerGroup, (group + 1) * numbersPerGroup),
  );
