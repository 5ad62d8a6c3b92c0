import type { WeightShape } from '../models/weights.ts';
import { DIALECTS, canonicalName } from './names.ts';
import { commonPrefix } from './prefix.ts';

/** An array of a file, without its values. */
export interface SourceArray {
  readonly name: string;
  readonly shape: readonly number[];
}

/** How a file's names are those of a network. */
export interface Reading {
  readonly dialect: string;
  /** What stands before every name in the file. */
  readonly prefix: string;
  /** The file's array that is ours of that name. */
  source(name: string): SourceArray | undefined;
  /** The bias beside a filter of ours. */
  biasBeside(filter: string): SourceArray | undefined;
}

/** The dialect and the prefix that find the most names; the plainest where several do. */
export function readNames(wanted: readonly WeightShape[], found: ReadonlyMap<string, SourceArray>): Reading {
  const ours = wanted.map(({ name }) => canonicalName(name));
  let best = { dialect: 'plain', names: new Map() as ReadonlyMap<string, string>, prefix: '', votes: -1 };
  for (const dialect of DIALECTS) {
    const names = dialect.translate(ours);
    if (!names) continue;
    const { prefix, votes } = commonPrefix(names.values(), found.keys());
    if (votes > best.votes) best = { dialect: dialect.id, names, prefix, votes };
  }
  const { dialect, names, prefix } = best;
  const theirs = (name: string): string | undefined => names.get(canonicalName(name));
  return {
    dialect,
    prefix,
    source: (name) => {
      const spelled = theirs(name);
      return spelled === undefined ? undefined : found.get(prefix + spelled);
    },
    biasBeside: (filter) => {
      const spelled = theirs(filter);
      if (!spelled?.endsWith('.weight')) return undefined;
      return found.get(`${prefix}${spelled.slice(0, -'.weight'.length)}.bias`);
    },
  };
}
