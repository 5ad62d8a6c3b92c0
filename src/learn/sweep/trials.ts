import { createRandom } from '../random/counter-random.ts';

/** What one setting runs through. */
export type Axis =
  | readonly unknown[]
  | {
      readonly from: number;
      readonly to: number;
      readonly scale: 'linear' | 'log';
      readonly steps: number;
      readonly whole: boolean;
    };

export interface SearchSpace {
  readonly axes: Readonly<Record<string, Axis>>;
  readonly strategy: 'grid' | 'random';
  /** Random trials. */
  readonly trials: number;
  readonly seed: number;
}

export type TrialValues = Readonly<Record<string, unknown>>;

/** More combinations than anyone waits for; a grid of them is a mistake. */
export const MAX_TRIALS = 500;

/**
 * The trials of a search, in their order. A grid is every combination, the last axis fastest. Random trials are drawn
 * independently per axis (Bergstra and Bengio, "Random Search for Hyper-Parameter Optimization", JMLR 2012); trial i is
 * a function of the seed and i alone, so a longer search begins with the shorter one. Equal trials are kept once.
 *
 * @throws RangeError with a sentence for an axis that has no values or a search of more than MAX_TRIALS
 */
export function trialsOf({ axes, strategy, trials, seed }: SearchSpace): TrialValues[] {
  const entries = Object.entries(axes);
  if (entries.length === 0) throw new RangeError('Nothing varies: name at least one setting to search over.');
  for (const [name, axis] of entries) checkAxis(name, axis);
  const all =
    strategy === 'grid'
      ? grid(entries)
      : Array.from({ length: trials }, (_, i) => randomTrial(entries, seed, i));
  const distinct = new Map(all.map((values) => [JSON.stringify(values), values]));
  return [...distinct.values()];
}

function checkAxis(name: string, axis: Axis): void {
  if (isList(axis)) {
    if (axis.length === 0) throw new RangeError(`"${name}" has no values to try.`);
    return;
  }
  if (!(axis.from < axis.to))
    throw new RangeError(
      `The range of "${name}" must rise, and ${String(axis.from)} to ${String(axis.to)} does not.`,
    );
  if (axis.scale === 'log' && axis.from <= 0)
    throw new RangeError(
      `A logarithmic range must be above 0, and that of "${name}" begins at ${String(axis.from)}.`,
    );
}

function grid(entries: readonly (readonly [string, Axis])[]): TrialValues[] {
  const lists = entries.map(
    ([name, axis]) => [name, isList(axis) ? axis : [...new Set(gridValues(axis))]] as const,
  );
  const count = lists.reduce((product, [, values]) => product * values.length, 1);
  if (count > MAX_TRIALS)
    throw new RangeError(
      `This grid has ${String(count)} combinations and ${String(MAX_TRIALS)} is the most: vary less, or draw random trials.`,
    );
  return lists.reduce<TrialValues[]>(
    (before, [name, values]) =>
      before.flatMap((trial) => values.map((value) => ({ ...trial, [name]: value }))),
    [{}],
  );
}

type Range = Exclude<Axis, readonly unknown[]>;

const gridValues = (range: Range): number[] =>
  Array.from({ length: range.steps }, (_, i) => within(range, i / (range.steps - 1)));

const randomTrial = (
  entries: readonly (readonly [string, Axis])[],
  seed: number,
  number: number,
): TrialValues =>
  Object.fromEntries(
    entries.map(([name, axis], i) => {
      const share = createRandom(seed, number, i).next();
      return [name, isList(axis) ? axis[Math.floor(share * axis.length)] : within(axis, share)];
    }),
  );

/** The value at a share of a range, to four significant digits: what a person can read and type again. */
function within({ from, to, scale, whole }: Range, share: number): number {
  const value = scale === 'log' ? from * (to / from) ** share : from + share * (to - from);
  return whole ? Math.round(value) : Number(value.toPrecision(4));
}

const isList = (axis: Axis): axis is readonly unknown[] => Array.isArray(axis);
