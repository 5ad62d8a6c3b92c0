import { type Convolution, type Network, type NormNames, weightedLayers } from '../backbones/network.ts';
import type { Reading } from './reading.ts';

/** What the arrays of batch norms become where a file has other arrays than the network. */
export interface NormArrays {
  /** Biases that the network has no place for: norm(x + bias) with mean m is norm(x) with mean m - bias. By the mean's name. */
  readonly moved: ReadonlyMap<string, string>;
  /**
   * Biases of convolutions that a norm was folded into: the norm is kept as one that changes nothing but adds the bias.
   * By the shift's name.
   */
  readonly folded: ReadonlyMap<string, string>;
  /** Missing arrays of which only one value is possible, by name. */
  readonly filled: ReadonlyMap<string, number>;
}

/** @param reading of the file's names */
export function normArrays(network: Network, reading: Reading): NormArrays {
  const moved = new Map<string, string>();
  const folded = new Map<string, string>();
  const filled = new Map<string, number>();
  const has = (name: string): boolean => reading.source(name) !== undefined;
  const fillFolded = ({ gamma, mean, variance }: NormNames): void => {
    filled
      .set(gamma, 1)
      .set(mean, 0)
      .set(variance, 1 - network.batchNormEpsilon);
  };
  for (const layer of weightedLayers(network)) {
    if (!layer.norm) continue;
    const { gamma, beta, mean, variance } = layer.norm;
    if (layer.kind === 'convolution' && has(layer.filter)) {
      const bias = spareBias(layer, reading);
      const isFolded = ![gamma, beta, mean, variance].some(has);
      if (layer.bias === null && bias !== undefined) {
        if (isFolded) {
          folded.set(beta, bias);
          fillFolded(layer.norm);
        } else if (has(mean)) moved.set(mean, bias);
      } else if (layer.bias !== null && has(layer.bias) && isFolded) {
        fillFolded(layer.norm);
        filled.set(beta, 0);
      } else if (layer.bias !== null && !has(layer.bias) && has(mean)) filled.set(layer.bias, 0);
    }
    if (has(beta) && !has(gamma)) filled.set(gamma, 1);
  }
  return { moved, folded, filled };
}

/** A bias beside the filter, one value a channel. */
function spareBias(layer: Convolution, reading: Reading): string | undefined {
  const bias = reading.biasBeside(layer.filter);
  const channels = layer.shape[layer.depthwise ? 2 : 3];
  return bias?.shape.length === 1 && bias.shape[0] === channels ? bias.name : undefined;
}
