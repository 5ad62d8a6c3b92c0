import * as tf from '@tensorflow/tfjs-core';
import type { AdamUpdater, Parameter } from '../backend/kernels.ts';
import type { BuiltMethod, MethodBatch } from '../losses/method.ts';
import { addWeightDecay } from '../optimizers/weight-decay.ts';
import { batchMeasures } from '../training/batch-measures.ts';
import type { TrainableModel } from './trainable.ts';

/**
 * One training step as a function of declared inputs alone: images [batch, size, size, 3], labels int32 [batch], the
 * method's inputs, the group rates and the epsilon of Adam as scalars. It updates the variables and returns the step's
 * measures, the method's figures and the samples' losses one after the other. Whatever changes from step to step is an
 * argument, so that the step can be recorded.
 */
export type TrainStep = (...inputs: tf.Tensor[]) => tf.Tensor1D;

export interface TrainStepParts {
  readonly model: TrainableModel;
  readonly method: BuiltMethod;
  /** All of the method's, in its order. */
  readonly methodVariables: readonly tf.Variable[];
  /** What the gradient moves: the model's and those of the method's that have a rate. */
  readonly parameters: readonly Parameter[];
  /** Those that the method moves itself, in the order of `move`. */
  readonly moved: readonly tf.Variable[];
  readonly optimizer: AdamUpdater;
  readonly weightDecay: number;
}

export function createTrainStep(parts: TrainStepParts): TrainStep {
  const { model, method, methodVariables, parameters, moved, optimizer, weightDecay } = parts;
  const inputCount = method.inputs?.length ?? 0;
  const variables = parameters.map((p) => p.variable);
  return (images, labels, ...rest) =>
    tf.tidy(() => {
      const inputs = rest.slice(0, inputCount);
      const rates = rest.slice(inputCount);
      const read = {
        labels: labels as tf.Tensor1D,
        trained: methodVariables as readonly tf.Tensor[],
        inputs,
      };
      const { loss, batch, gradients } = differentiate(model, method, variables, images as tf.Tensor4D, read);
      // Read before anything moves: the update is in place.
      const targets = method.move?.(batch) ?? [];
      const measures = [loss.value, globalNorm(gradients), ...batchMeasures(batch.embeddings, batch.labels)];
      const decayed = gradients.map((gradient, i) =>
        addWeightDecay(gradient, variables[i] as tf.Variable, weightDecay),
      );
      optimizer.apply(decayed, { groupRates: rates.slice(0, -1), epsilon: rates.at(-1) as tf.Tensor });
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
  /** In the order of the variables; zeros where the loss does not depend on one. */
  readonly gradients: readonly tf.Tensor[];
}

function differentiate(
  model: TrainableModel,
  method: BuiltMethod,
  variables: tf.Variable[],
  images: tf.Tensor4D,
  read: Pick<MethodBatch, 'labels' | 'trained' | 'inputs'>,
): Differentiated {
  const found: Partial<{ loss: Differentiated['loss']; batch: MethodBatch }> = {};
  const { value, grads } = tf.variableGrads(() => {
    const passed = model.forward(images);
    const batch = { ...passed, ...read };
    const loss = method.loss(batch);
    // What is looked at after the gradient must outlive its tape.
    for (const tensor of [passed.embeddings, passed.raw, passed.features]) tf.keep(tensor);
    for (const tensor of loss.figures ?? []) tf.keep(tensor);
    if (loss.perSample) tf.keep(loss.perSample);
    Object.assign(found, { loss, batch });
    return loss.value;
  }, variables);
  const { loss, batch } = found as Required<typeof found>;
  const gradients = variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
  return { loss: { ...loss, value }, batch, gradients };
}

const globalNorm = (gradients: readonly tf.Tensor[]): tf.Scalar =>
  tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))));
