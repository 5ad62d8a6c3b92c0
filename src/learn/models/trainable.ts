import * as tf from '@tensorflow/tfjs-core';
import type { Kernels, Parameter } from '../backend/kernels.ts';
import type { Network } from '../backbones/network.ts';
import { featureMap } from '../backbones/run-network.ts';
import { unitRows } from '../losses/centers.ts';
import { globalAverage, headInput, headInputOf, headShapes, runHead } from './head-layers.ts';
import { createTrainableRunner } from './trainable-runner.ts';
import { HEAD_POOLING, type Weights, weightOf } from './weights.ts';

/** Groups of parameters, each with its own learning rate; the method's own are group 2. */
const [BACKBONE, HEAD] = [0, 1];

export interface TrainableOptions {
  readonly network: Network;
  /** With `head/kernel` [inputs, dim] and `head/bias` [dim]; pooling and layer norm as the head's arrays tell. */
  readonly weights: Weights;
  readonly dim: number;
  /** Keep the running statistics of the batch norms and normalise by them; else by the batch's own. */
  readonly freezeBatchNorm: boolean;
  /** How many of the network's first stages stay as they are, norms included; 0 by default. */
  readonly frozenStages?: number;
  readonly kernels: Kernels;
}

/** What a batch becomes on its way through network and head. */
export interface Forward {
  /** [batch, featureDim], the global average of the last feature map. */
  readonly features: tf.Tensor2D;
  /** [batch, dim], as the head gives them. */
  readonly raw: tf.Tensor2D;
  /** [batch, dim], rows of unit length. */
  readonly embeddings: tf.Tensor2D;
}

/** Network and head as variables that a trainer moves. */
export interface TrainableModel {
  readonly parameters: readonly Parameter[];
  /** Running statistics and frozen arrays by name: saved with the parameters, moved by no gradient. */
  readonly statistics: ReadonlyMap<string, tf.Variable>;
  /** @param images [batch, size, size, 3], values 0 to 255 */
  forward(images: tf.Tensor4D): Forward;
  dispose(): void;
}

export function createTrainable(options: TrainableOptions): TrainableModel {
  const { network, weights, dim, kernels } = options;
  const parameters: Parameter[] = [];
  const statistics = new Map<string, tf.Variable>();

  const variable = (name: string, shape: readonly number[], group: number | null): tf.Variable => {
    const values = Float32Array.from(weightOf(weights, name, shape));
    const made = tf.tidy(() => tf.variable(tf.tensor(values, [...shape], 'float32'), group !== null));
    if (group === null) statistics.set(name, made);
    else parameters.push({ name, group, variable: made });
    return made;
  };
  const { runner, dispose } = createTrainableRunner({
    network,
    kernels,
    freezeBatchNorm: options.freezeBatchNorm,
    frozenStages: options.frozenStages ?? 0,
    variable: (name, shape, trained) => variable(name, shape, trained ? BACKBONE : null),
  });
  const head = new Map(
    headShapes(weights, network.featureDim, dim).map(([name, shape]) => [name, variable(name, shape, HEAD)]),
  );
  if (weights.has(HEAD_POOLING)) variable(HEAD_POOLING, [2], null);
  const input = headInputOf(weights, network.featureDim);

  return {
    parameters,
    statistics,
    forward: (images) => {
      const map = featureMap(network, images, runner);
      const features = globalAverage(map);
      const raw = runHead(headInput(map, input, features), head);
      return { features, raw, embeddings: unitRows(raw) };
    },
    dispose: () => {
      tf.dispose(parameters.map((p) => p.variable));
      tf.dispose([...statistics.values()]);
      dispose();
    },
  };
}
