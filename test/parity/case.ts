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
export const numberOf = (value: unknown): number => value as number;
