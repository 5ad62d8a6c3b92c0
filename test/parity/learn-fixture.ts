import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** A tensor of the reference files: flat and row-major. */
export interface FixtureTensor {
  readonly shape: number[];
  readonly data: number[];
  readonly dtype?: 'int32';
}

export interface FixtureCase<Params, Inputs, Expected> {
  readonly name: string;
  readonly params: Params;
  readonly inputs: Inputs;
  readonly expected: Expected;
  readonly tolerance: Readonly<Record<string, unknown>>;
  readonly reference?: string;
}

const folder = process.env['PLUMAGE_FIXTURES'] ?? fileURLToPath(new URL('../fixtures', import.meta.url));

/** Reads `test/fixtures/<topic>.json`. */
export function readFixture<Params, Inputs, Expected>(
  topic: string,
): { about: Readonly<Record<string, unknown>>; cases: FixtureCase<Params, Inputs, Expected>[] } {
  return JSON.parse(readFileSync(join(folder, `${topic}.json`), 'utf8')) as never;
}

/** Largest difference, as a share of what the fixtures' rule allows: |got - want| <= abs + rel * max|want|. At most 1 passes. */
export function shareOfTolerance(
  got: ArrayLike<number>,
  want: ArrayLike<number>,
  { abs, rel }: { readonly abs: number; readonly rel: number },
): number {
  if (got.length !== want.length) return Infinity;
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < want.length; i++) {
    largest = Math.max(largest, Math.abs(want[i] as number));
    const gap = Math.abs((got[i] as number) - (want[i] as number));
    // A NaN must not pass as "not larger".
    difference = gap <= difference ? difference : Number.isNaN(gap) ? Infinity : gap;
  }
  return difference / (abs + rel * largest);
}
