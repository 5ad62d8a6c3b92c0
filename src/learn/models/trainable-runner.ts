import * as tf from '@tensorflow/tfjs-core';
import { convolution } from '../backend/composed.ts';
import type { BatchNormState, Kernels } from '../backend/kernels.ts';
import { windowsOver } from '../backend/padded.ts';
import {
  type Convolution,
  type Network,
  type NormNames,
  type WeightedLayer,
  channelsOf,
  weightedOf,
} from '../backbones/network.ts';
import type { LayerRunner } from '../backbones/run-network.ts';
import { type FrozenNorm, foldNorm, frozenNorm, scaleAndShift } from './fold.ts';

/** Share of the batch in the running statistics where they are not frozen. */
const NORM_MOMENTUM = 0.1;

/** Passes over the map that normalising takes, forward and back, for each over the filter that folding takes. */
const MAP_PASSES = 2;

export interface TrainableRunnerOptions {
  readonly network: Network;
  readonly kernels: Kernels;
  readonly freezeBatchNorm: boolean;
  readonly frozenStages: number;
  /** Makes the variable of an array; one that is not trained keeps its value, or is moved as a running statistic. */
  readonly variable: (name: string, shape: readonly number[], trained: boolean) => tf.Variable;
}

interface TrainedNorm extends BatchNormState {
  /** What its statistics do to a channel, where they stay as they are. */
  readonly frozen: FrozenNorm | null;
}

/** The variables of one layer. */
interface LayerVariables {
  readonly filter: tf.Tensor4D | null;
  readonly bias: tf.Tensor1D | null;
  readonly norm: TrainedNorm | null;
}

/**
 * Runs layers on variables. A frozen norm is folded into the convolution before it, in every step anew, where that costs
 * less than normalising the map: folding passes over the filter, normalising over the map.
 */
export function createTrainableRunner(options: TrainableRunnerOptions): {
  readonly runner: LayerRunner;
  readonly dispose: () => void;
} {
  const { network, kernels } = options;
  const layers = new Map<WeightedLayer, LayerVariables>();
  for (const [i, stage] of network.stages.entries()) {
    const trained = i >= options.frozenStages;
    for (const layer of weightedOf(stage.layers)) layers.set(layer, variablesOf(layer, trained, options));
  }
  const batchNorm = { epsilon: network.batchNormEpsilon, momentum: NORM_MOMENTUM };

  const runner: LayerRunner = {
    kernels,
    convolution: (layer, x) => {
      const { filter, bias, norm } = layers.get(layer) as LayerVariables & { filter: tf.Tensor4D };
      if (!norm) return convolveWith(kernels, layer, x, filter, bias);
      if (norm.frozen && filter.size <= MAP_PASSES * outputSize(layer, x)) {
        const [folded, shift] = foldNorm(filter, bias, norm.gamma, norm.beta, norm.frozen, layer.depthwise);
        return kernels.convolve(x, folded, shift, layer);
      }
      const linear = convolveWith(kernels, { ...layer, activation: 'none' }, x, filter, bias);
      return kernels.activate(normalised(linear, norm), layer.activation);
    },
    norm: (layer, x) =>
      kernels.activate(normalised(x, layers.get(layer)?.norm as TrainedNorm), layer.activation),
  };
  const normalised = (x: tf.Tensor4D, norm: TrainedNorm): tf.Tensor4D => {
    if (!norm.frozen) return kernels.batchNorm(x, norm, batchNorm);
    const { scale, shift } = scaleAndShift(norm.gamma, norm.beta, norm.frozen);
    return tf.add(tf.mul(x, scale), shift);
  };
  const dispose = (): void => {
    for (const { norm } of layers.values())
      if (norm?.frozen) tf.dispose([norm.frozen.mean, norm.frozen.inverseDeviation]);
  };
  return { runner, dispose };
}

function variablesOf(
  layer: WeightedLayer,
  trained: boolean,
  { network, freezeBatchNorm, variable }: TrainableRunnerOptions,
): LayerVariables {
  const vector = (name: string, moved: boolean): tf.Variable => variable(name, [channelsOf(layer)], moved);
  const normOf = (names: NormNames): TrainedNorm => {
    const gamma = asVector(vector(names.gamma, trained));
    const beta = asVector(vector(names.beta, trained));
    const [movingMean, movingVariance] = [vector(names.mean, false), vector(names.variance, false)];
    const frozen =
      freezeBatchNorm || !trained
        ? frozenNorm(asVector(movingMean), asVector(movingVariance), network.batchNormEpsilon)
        : null;
    return { gamma, beta, movingMean, movingVariance, frozen };
  };
  if (layer.kind === 'norm') return { filter: null, bias: null, norm: normOf(layer.norm) };
  const filter = variable(layer.filter, layer.shape, trained) as unknown as tf.Tensor4D;
  const bias = layer.bias === null ? null : asVector(vector(layer.bias, trained));
  return { filter, bias, norm: layer.norm ? normOf(layer.norm) : null };
}

function outputSize(layer: Convolution, x: tf.Tensor4D): number {
  const [height, width] = layer.shape;
  const [rows, columns] = windowsOver(x, [height, width], layer);
  return x.shape[0] * rows.count * columns.count * channelsOf(layer);
}

/** A convolution that no norm is folded into. */
function convolveWith(
  kernels: Kernels,
  layer: Convolution,
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  bias: tf.Tensor1D | null,
): tf.Tensor4D {
  if (bias) return kernels.convolve(x, filter, bias, layer);
  return kernels.activate(convolution(x, filter, layer), layer.activation);
}

const asVector = (variable: tf.Variable): tf.Tensor1D => variable as unknown as tf.Tensor1D;
