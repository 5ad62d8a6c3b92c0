import * as tf from '@tensorflow/tfjs-core';
import type { AdamUpdater, Parameter } from '../backend/kernels.ts';
import type { BuiltMethod } from '../losses/method.ts';
import { addWeightDecay } from '../optimizers/weight-decay.ts';
import type { TrainableModel } from './trainable.ts';

/** What a step measures, in the order of its result. */
export const STEP_MEASURES = ['loss', 'gradientNorm', 'embeddingSpread'] as const;

/**
 * One training step as a function of declared inputs alone: images [batch, size, size, 3], labels int32 [batch], the
 * group rates and the epsilon of Adam as scalars. It updates the variables and returns the measures [3]. Whatever
 * changes from step to step is an argument, so that the step can be recorded.
 */
export type TrainStep = (...inputs: tf.Tensor[]) => tf.Tensor1D;

export interface TrainStepParts {
  readonly model: TrainableModel;
  readonly method: BuiltMethod;
  readonly methodParameters: readonly Parameter[];
  readonly optimizer: AdamUpdater;
  readonly weightDecay: number;
}

export function createTrainStep({
  model,
  method,
  methodParameters,
  optimizer,
  weightDecay,
}: TrainStepParts): TrainStep {
  const parameters = [...model.parameters, ...methodParameters];
  const variables = parameters.map((p) => p.variable);
  const trained = methodParameters.map((p) => p.variable as tf.Tensor);
  return (images, labels, ...rates) =>
    tf.tidy(() => {
      let spread: tf.Scalar | undefined;
      const { value, grads } = tf.variableGrads(() => {
        const passed = model.forward(images as tf.Tensor4D);
        spread = tf.keep(embeddingSpread(passed.embeddings));
        const batch = { ...passed, labels: labels as tf.Tensor1D, trained, inputs: [] };
        return method.loss(batch).value;
      }, variables);
      const gradients = variables.map((variable) => grads[variable.name] as tf.Tensor);
      const norm = globalNorm(gradients);
      const decayed = gradients.map((gradient, i) =>
        addWeightDecay(gradient, variables[i] as tf.Variable, weightDecay),
      );
      optimizer.apply(decayed, { groupRates: rates.slice(0, -1), epsilon: rates.at(-1) as tf.Tensor });
      const measures = tf.stack([value, norm, spread as tf.Scalar]) as tf.Tensor1D;
      spread?.dispose();
      return measures;
    });
}

/** 0 where all embeddings are the same, near 1 where they point everywhere: 1 - |mean embedding|^2. */
const embeddingSpread = (embeddings: tf.Tensor2D): tf.Scalar =>
  tf.sub(1, tf.sum(tf.square(tf.mean(embeddings, 0))));

const globalNorm = (gradients: readonly tf.Tensor[]): tf.Scalar =>
  tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))));
