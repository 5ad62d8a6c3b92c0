import { type Network, weightedLayers } from '../backbones/network.ts';
import { type WeightShape, weightShapes } from '../models/weights.ts';
import { isLeftOut } from './left-out.ts';
import { type FilterLayout, fittingLayouts } from './layout.ts';
import { DIALECTS, type Dialect, canonicalName } from './names.ts';
import { commonPrefix } from './prefix.ts';

/** An array of a file, without its values. */
export interface SourceArray {
  readonly name: string;
  readonly shape: readonly number[];
}

/** An array of the network and where it comes from. */
export interface MatchedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly source: string;
  readonly layout: FilterLayout;
  /** Array of the file to subtract: a bias that the network has no place for, moved into its norm's running mean. */
  readonly minus: string | null;
}

/** Which arrays of a file are which of a network's. */
export interface WeightMatch {
  readonly matched: readonly MatchedArray[];
  /** Arrays that the file may lack, because one value is theirs by definition: a bias of 0, a scale of 1. */
  readonly filled: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly value: 0 | 1;
  }[];
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

/**
 * Finds a network's arrays among those of a file: names as they are, under any common prefix, as other programs spell
 * them, with filters in torch's or TensorFlow's layout.
 */
export function matchWeights(network: Network, arrays: Iterable<SourceArray>): WeightMatch {
  const wanted = weightShapes(network);
  const found = new Map<string, SourceArray>();
  for (const array of arrays) found.set(canonicalName(array.name), array);
  const reading = bestReading(wanted, found);
  const sourceOf = (name: string): SourceArray | undefined => {
    const theirs = reading.names.get(canonicalName(name));
    return theirs === undefined ? undefined : found.get(reading.prefix + theirs);
  };

  const used = new Set<string>();
  const missing: string[] = [];
  const different: { name: string; source: string; wanted: number[]; found: readonly number[] }[] = [];
  const fitting: { want: WeightShape; source: SourceArray; layouts: FilterLayout[] }[] = [];
  for (const want of wanted) {
    const source = sourceOf(want.name);
    if (!source) {
      missing.push(want.name);
      continue;
    }
    used.add(source.name);
    const layouts = fittingLayouts(want.shape, source.shape);
    if (layouts.length > 0) fitting.push({ want, source, layouts });
    else different.push({ name: want.name, source: source.name, wanted: want.shape, found: source.shape });
  }

  const usual = usualLayout(fitting.map(({ layouts }) => layouts));
  const biases = homelessBiases(network, sourceOf, found, reading);
  for (const source of biases.values()) used.add(source);
  const filled = fillable(network, wanted, missing);
  const rest = [...found.values()].map(({ name }) => name).filter((name) => !used.has(name));
  const heads = rest.filter((name) => isLeftOut(bareName(name, reading.prefix), network.classifiers));
  return {
    matched: fitting.map(({ want, source, layouts }) => ({
      name: want.name,
      shape: want.shape,
      source: source.name,
      layout: layouts.includes(usual) ? usual : layouts[0]!,
      minus: biases.get(want.name) ?? null,
    })),
    filled,
    missing: missing.filter((name) => !filled.some((one) => one.name === name)),
    different,
    leftOut: heads,
    unexpected: rest.filter((name) => !heads.includes(name)),
    prefix: reading.prefix,
    dialect: reading.dialect.id,
  };
}

interface Reading {
  readonly dialect: Dialect;
  /** From our canonical names to the file's, without the prefix. */
  readonly names: ReadonlyMap<string, string>;
  readonly prefix: string;
}

/** The dialect and the prefix that find the most names; the plainest where several do. */
function bestReading(wanted: readonly WeightShape[], found: ReadonlyMap<string, SourceArray>): Reading {
  const ours = wanted.map(({ name }) => canonicalName(name));
  let best: Reading & { votes: number } = {
    dialect: DIALECTS[0]!,
    names: new Map(ours.map((name) => [name, name])),
    prefix: '',
    votes: 0,
  };
  for (const dialect of DIALECTS) {
    const names = dialect.translate(ours);
    if (!names) continue;
    const { prefix, votes } = commonPrefix(names.values(), found.keys());
    if (votes > best.votes) best = { dialect, names, prefix, votes };
  }
  return best;
}

/** A few filters fit several layouts (3x3 from 3 to 3 channels): they lie as the rest of the file does. */
function usualLayout(fitting: readonly FilterLayout[][]): FilterLayout {
  const count = (layout: FilterLayout): number =>
    fitting.filter((layouts) => layouts.length === 1 && layouts[0] === layout).length;
  return count('torch-conv') + count('torch-depthwise') > 0 ? 'torch-conv' : 'ours';
}

/**
 * Biases of convolutions that have none here but a norm after them: norm(x + bias) with mean m is norm(x) with mean
 * m - bias. By the name of the running mean.
 */
function homelessBiases(
  network: Network,
  sourceOf: (name: string) => SourceArray | undefined,
  found: ReadonlyMap<string, SourceArray>,
  reading: Reading,
): ReadonlyMap<string, string> {
  const biases = new Map<string, string>();
  for (const layer of weightedLayers(network)) {
    if (layer.kind !== 'convolution' || layer.bias !== null || !layer.norm) continue;
    const filter = sourceOf(layer.filter);
    const mean = sourceOf(layer.norm.mean);
    const theirs = reading.names.get(canonicalName(layer.filter));
    if (!filter || !mean || theirs === undefined) continue;
    const bias = found.get(reading.prefix + theirs.replace(/\.weight$/, '.bias'));
    if (bias && bias.name !== filter.name && bias.shape.join() === mean.shape.join())
      biases.set(layer.norm.mean, bias.name);
  }
  return biases;
}

/** Missing arrays with one possible value: biases under a norm, and scales of norms whose shift is there. */
function fillable(
  network: Network,
  wanted: readonly WeightShape[],
  missing: readonly string[],
): WeightMatch['filled'] {
  const lacks = new Set(missing);
  const values = new Map<string, 0 | 1>();
  for (const layer of weightedLayers(network)) {
    if (layer.norm && lacks.has(layer.norm.gamma) && !lacks.has(layer.norm.beta))
      values.set(layer.norm.gamma, 1);
    if (layer.kind === 'convolution' && layer.bias !== null && layer.norm && !lacks.has(layer.filter))
      if (lacks.has(layer.bias)) values.set(layer.bias, 0);
  }
  return wanted
    .filter(({ name }) => values.has(name))
    .map(({ name, shape }) => ({ name, shape, value: values.get(name)! }));
}

const bareName = (name: string, prefix: string): string => {
  const canonical = canonicalName(name);
  return canonical.startsWith(prefix) ? canonical.slice(prefix.length) : canonical;
};
