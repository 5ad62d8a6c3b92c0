import * as tf from '@tensorflow/tfjs-core';
import type { Kernels } from '#learn/backend/kernels.ts';
import type { Forward } from '#learn/models/trainable.ts';
import { type Weights, weightOf } from '#learn/models/weights.ts';
import { createRandom } from '#learn/random/counter-random.ts';
import { findMethod } from '#learn/registry.ts';

/** The classifier that a run trained beside its embedding. */
export interface MethodClassifier {
  /** @returns int32 [batch], numbers of classes in the training part's order; of equal scores the smaller number */
  predict(passed: Forward): tf.Tensor1D;
  dispose(): void;
}

/**
 * @param config  of the run
 * @param weights the checkpoint's arrays
 * @returns null where the run's method trains no classifier
 */
export function methodClassifier(
  config: Readonly<Record<string, unknown>>,
  weights: Weights,
  context: {
    readonly classes: number;
    readonly dim: number;
    readonly featureDim: number;
    readonly kernels: Kernels;
  },
): MethodClassifier | null {
  const method = findMethod(String(config['methodId']));
  // What it starts from is drawn and thrown away: the checkpoint has what it became.
  const built = method?.build(config['method'] as Record<string, unknown>, {
    ...context,
    random: createRandom(0),
  });
  if (built?.classify === undefined) return null;
  const trained = built.parameters.map(({ name, shape }) =>
    tf.tensor(weightOf(weights, `method/${name}`, shape), [...shape]),
  );
  return {
    predict: (passed) => tf.argMax(built.classify!(passed, trained), 1),
    dispose: () => {
      tf.dispose(trained);
    },
  };
}
