import type { FixtureTensor } from './learn-fixture.ts';

/** A number or tensor of ours beside the reference's, with what they may differ by. */
export interface Check {
  readonly what: string;
  readonly got: ArrayLike<number>;
  readonly want: ArrayLike<number>;
  readonly abs: number;
  readonly rel: number;
}

/** One reference case, with its types as loose as the files are. */
export interface ParityCase {
  readonly topic: string;
  /** In which the case's file lies, and the arrays that it names. */
  readonly folder: string;
  readonly about: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, FixtureTensor>>;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tolerance: Readonly<Record<string, unknown>>;
  readonly ambiguousAnchors?: readonly number[];
}

/** Compares a case, or says why there is nothing to compare yet. */
export type Adapter = (example: ParityCase) => Promise<readonly Check[] | { readonly skip: string }>;

type Bound = { readonly abs?: number; readonly rel?: number };

/** A check with the bounds that a case states, at `path` inside its tolerance. */
export function check(
  what: string,
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  example: ParityCase,
  path: readonly string[],
): Check {
  let bound: unknown = example.tolerance;
  for (const name of path) bound = (bound as Record<string, unknown> | undefined)?.[name];
  const { abs = 0, rel = 0 } = (bound ?? {}) as Bound;
  return { what, got, want, abs, rel };
}

/** A check without tolerance: indices, sizes, pixels. */
export const exact = (what: string, got: ArrayLike<number>, want: ArrayLike<number>): Check => ({
  what,
  got,
  want,
  abs: 0,
  rel: 0,
});

export const tensorOf = (value: unknown): FixtureTensor => value as FixtureTensor;

/** @throws TypeError where the file has no number: null and a missing name must not count as 0 */
export function numberOf(value: unknown): number {
  if (typeof value !== 'number')
    throw new TypeError(`${JSON.stringify(value)} stands where a number is wanted`);
  return value;
}

/**
 * What a param's value stands for here.
 *
 * @param absent stands in where the case has no such param
 * @throws RangeError for a value that none of the choices names: it must not pass for another one
 */
export function chosen<T>(
  params: ParityCase['params'],
  name: string,
  choices: Readonly<Record<string, T>>,
  absent?: string,
): T {
  const given = params[name] ?? absent;
  const value = typeof given === 'string' ? given : JSON.stringify(given ?? null);
  if (!Object.hasOwn(choices, value))
    throw new RangeError(`nothing here knows ${name} "${value}": ${Object.keys(choices).join(', ')}`);
  return choices[value] as T;
}

const YES_OR_NO: Readonly<Record<string, boolean>> = { true: true, false: false };
export const flagOf = (params: ParityCase['params'], name: string, absent: boolean): boolean =>
  chosen(params, name, YES_OR_NO, String(absent));
