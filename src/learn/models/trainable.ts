import * as tf from '@tensorflow/tfjs-core';
import { convolution } from '../backend/composed.ts';
import type { Kernels, Parameter } from '../backend/kernels.ts';
import { type Network, type Unit, channelsOf, pooledFeatures, unitsOf } from '../backbones/network.ts';
import { unitRows } from '../losses/centers.ts';
import { type FrozenNorm, foldNorm, frozenNorm } from './fold.ts';
import { HEAD_BIAS, HEAD_KERNEL, type Weights, normName, weightOf } from './weights.ts';

/** Groups of parameters, each with its own learning rate; the method's own are group 2. */
const [BACKBONE, HEAD] = [0, 1];

export interface TrainableOptions {
  readonly network: Network;
  /** With `head/kernel` [featureDim, dim] and `head/bias` [dim]. */
  readonly weights: Weights;
  readonly dim: number;
  /** Keep the running statistics of the batch norms and normalise by them; else by the batch's own. */
  readonly freezeBatchNorm: boolean;
  readonly kernels: Kernels;
}

/** Share of the batch in the running statistics where they are not frozen. */
const NORM_MOMENTUM = 0.1;

interface Norm {
  readonly gamma: tf.Variable;
  readonly beta: tf.Variable;
  readonly movingMean: tf.Variable;
  readonly movingVariance: tf.Variable;
  readonly frozen: FrozenNorm;
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
  /** Running statistics by name: saved with the parameters, moved by no gradient. */
  readonly statistics: ReadonlyMap<string, tf.Variable>;
  /** @param images [batch, size, size, 3], values 0 to 255 */
  forward(images: tf.Tensor4D): Forward;
  dispose(): void;
}

export function createTrainable({
  network,
  weights,
  dim,
  freezeBatchNorm,
  kernels,
}: TrainableOptions): TrainableModel {
  const parameters: Parameter[] = [];
  const statistics = new Map<string, tf.Variable>();
  const filters = new Map<Unit, tf.Variable>();
  const norms = new Map<Unit, Norm>();

  const variable = (name: string, shape: readonly number[], group: number | null): tf.Variable => {
    const values = Float32Array.from(weightOf(weights, name, shape));
    const made = tf.variable(tf.tensor(values, [...shape], 'float32'), group !== null);
    if (group === null) statistics.set(name, made);
    else parameters.push({ name, group, variable: made });
    return made;
  };
  for (const unit of unitsOf(network)) {
    const shape = [channelsOf(unit)];
    filters.set(unit, variable(unit.kernel, unit.shape, BACKBONE));
    const gamma = variable(normName(unit, 'gamma'), shape, BACKBONE);
    const beta = variable(normName(unit, 'beta'), shape, BACKBONE);
    const movingMean = variable(normName(unit, 'moving_mean'), shape, null);
    const movingVariance = variable(normName(unit, 'moving_variance'), shape, null);
    const frozen = frozenNorm(vector(movingMean), vector(movingVariance), network.batchNormEpsilon);
    norms.set(unit, { gamma, beta, movingMean, movingVariance, frozen });
  }
  const headKernel = variable(HEAD_KERNEL, [network.featureDim, dim], HEAD);
  const headBias = variable(HEAD_BIAS, [dim], HEAD);

  const runUnit = (unit: Unit, x: tf.Tensor4D): tf.Tensor4D => {
    const filter = filters.get(unit) as unknown as tf.Tensor4D;
    const norm = norms.get(unit) as Norm;
    const [gamma, beta] = [vector(norm.gamma), vector(norm.beta)];
    if (freezeBatchNorm) {
      const [folded, bias] = foldNorm(filter, gamma, beta, norm.frozen, unit.depthwise);
      return kernels.convolve(x, folded, bias, unit);
    }
    const { movingMean, movingVariance } = norm;
    const state = { gamma, beta, movingMean, movingVariance };
    const options = { epsilon: network.batchNormEpsilon, momentum: NORM_MOMENTUM };
    return kernels.activate(kernels.batchNorm(convolution(x, filter, unit), state, options), unit.activation);
  };

  return {
    parameters,
    statistics,
    forward: (images) => {
      const features = pooledFeatures(network, images, runUnit);
      const raw = tf.add<tf.Tensor2D>(tf.matMul(features, headKernel as tf.Tensor), headBias);
      return { features, raw, embeddings: unitRows(raw) };
    },
    dispose: () => {
      tf.dispose(parameters.map((p) => p.variable));
      tf.dispose([...statistics.values()]);
      for (const { frozen } of norms.values()) tf.dispose([frozen.mean, frozen.inverseDeviation]);
    },
  };
}

const vector = (variable: tf.Variable): tf.Tensor1D => variable as unknown as tf.Tensor1D;
