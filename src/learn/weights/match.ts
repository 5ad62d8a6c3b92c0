import type { Network } from '../backbones/network.ts';
import { type WeightShape, weightShapes } from '../models/weights.ts';
import { type FilterLayout, fittingLayouts } from './layout.ts';
import { isLeftOut } from './left-out.ts';
import { canonicalName } from './names.ts';
import { normArrays } from './norms.ts';
import { type SourceArray, readNames } from './reading.ts';

export type { SourceArray } from './reading.ts';

/** An array of the network and where it comes from. */
export interface MatchedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly source: string;
  readonly layout: FilterLayout;
  /** Array of the file to subtract: a bias that the network has no place for, moved into its norm's running mean. */
  readonly minus: string | null;
}

/** An array that the file may lack, because one value is its by definition: a bias of 0, a scale of 1. */
export interface FilledArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly value: number;
}

/** Which arrays of a file are which of a network's. */
export interface WeightMatch {
  readonly matched: readonly MatchedArray[];
  readonly filled: readonly FilledArray[];
  /** Norms that the file has folded into convolutions: they are kept as norms that change nothing. */
  readonly folded: number;
  /** Wanted and not in the file. */
  readonly missing: readonly string[];
  readonly different: readonly {
    readonly name: string;
    readonly source: string;
    readonly wanted: readonly number[];
    readonly found: readonly number[];
  }[];
  /** Classifiers, auxiliary classifiers and counters: an embedding needs none of them. */
  readonly leftOut: readonly string[];
  /** In the file and of no use here. */
  readonly unexpected: readonly string[];
  /** What stands before every name in the file. */
  readonly prefix: string;
  readonly dialect: string;
}

/** Whether the network can be filled from the file. */
export const isComplete = ({ missing, different }: WeightMatch): boolean =>
  missing.length === 0 && different.length === 0;

interface Fitting {
  readonly want: WeightShape;
  readonly source: string;
  readonly layouts: readonly FilterLayout[];
}

/**
 * Finds a network's arrays among those of a file: names as they are, under any common prefix, as other programs spell
 * them, with filters in torch's or TensorFlow's layout.
 */
export function matchWeights(network: Network, arrays: Iterable<SourceArray>): WeightMatch {
  const wanted = weightShapes(network);
  const found = new Map<string, SourceArray>();
  for (const array of arrays) found.set(canonicalName(array.name), array);
  const reading = readNames(wanted, found);
  const { moved, folded, filled } = normArrays(network, reading);

  const used = new Set<string>([...moved.values(), ...folded.values()]);
  const missing: string[] = [];
  const different: WeightMatch['different'][number][] = [];
  const fitting: Fitting[] = [];
  const fill: FilledArray[] = [];
  for (const want of wanted) {
    const { name, shape } = want;
    const bias = folded.get(name);
    const source = reading.source(name);
    const value = filled.get(name);
    if (bias !== undefined) fitting.push({ want, source: bias, layouts: ['ours'] });
    else if (value !== undefined) fill.push({ name, shape, value });
    else if (!source) missing.push(name);
    else {
      used.add(source.name);
      const layouts = fittingLayouts(shape, source.shape);
      if (layouts.length > 0) fitting.push({ want, source: source.name, layouts });
      else different.push({ name, source: source.name, wanted: shape, found: source.shape });
    }
  }

  const usual = usualLayout(fitting);
  const rest = [...found.values()].map(({ name }) => name).filter((name) => !used.has(name));
  const heads = new Set(
    rest.filter((name) => isLeftOut(bareName(name, reading.prefix), network.classifiers)),
  );
  return {
    matched: fitting.map(({ want, source, layouts }) => ({
      name: want.name,
      shape: want.shape,
      source,
      layout: layouts.includes(usual) ? usual : layouts[0]!,
      minus: moved.get(want.name) ?? null,
    })),
    filled: fill,
    folded: [...filled.values()].filter((value) => value === 1 - network.batchNormEpsilon).length,
    missing,
    different,
    leftOut: [...heads],
    unexpected: rest.filter((name) => !heads.has(name)),
    prefix: reading.prefix,
    dialect: reading.dialect,
  };
}

/** A few filters fit several layouts (3x3 from 3 to 3 channels): they lie as the rest of the file does. */
function usualLayout(fitting: readonly Fitting[]): FilterLayout {
  const isTorch = ({ want, layouts }: Fitting): boolean =>
    want.shape.length === 4 && !layouts.includes('ours');
  return fitting.some(isTorch) ? 'torch-conv' : 'ours';
}

const bareName = (name: string, prefix: string): string => {
  const canonical = canonicalName(name);
  return canonical.startsWith(prefix) ? canonical.slice(prefix.length) : canonical;
};
