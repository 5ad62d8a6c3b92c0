import { type Network, type Unit, channelsOf, unitsOf } from '../backbones/network.ts';

/** An array of a network by name. */
export interface WeightArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}
export type Weights = ReadonlyMap<string, WeightArray>;

export const HEAD_KERNEL = 'head/kernel';
export const HEAD_BIAS = 'head/bias';

const NORM_FIELDS = ['gamma', 'beta', 'moving_mean', 'moving_variance'] as const;
export type NormField = (typeof NORM_FIELDS)[number];

export const normName = (unit: Unit, field: NormField): string => `${unit.norm}/${field}`;

/** Names and shapes of every array that a network needs, in order. */
export function weightShapes(network: Network): { name: string; shape: number[] }[] {
  return unitsOf(network).flatMap((unit) => [
    { name: unit.kernel, shape: [...unit.shape] },
    ...NORM_FIELDS.map((field) => ({ name: normName(unit, field), shape: [channelsOf(unit)] })),
  ]);
}

/** The array of that name. @throws Error naming what is missing or has another shape */
export function weightOf(weights: Weights, name: string, shape: readonly number[]): Float32Array {
  const found = weights.get(name);
  if (!found) throw new Error(`The weights have no array "${name}": they are not those of this network.`);
  if (found.shape.join() !== shape.join()) {
    throw new Error(`The array "${name}" has shape [${found.shape.join(', ')}], not [${shape.join(', ')}].`);
  }
  return found.data;
}
