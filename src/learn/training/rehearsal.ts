import type { StepResult } from './step-result.ts';

/** Replayed steps may differ from the same steps run one operation at a time by this, relative to 1 or the value. */
const TOLERANCE = 1e-4;

/** How the steps of a run are carried out. */
export interface RecordingReport {
  readonly recorded: boolean;
  /** Why not, as a clause; null where they are. */
  readonly reason: string | null;
  /** Largest relative difference between replayed and usual steps in the rehearsal; 0 is the same to the last bit. */
  readonly difference: number;
}

/** Largest difference of two rows of results, relative to 1 or the value. */
export function resultDifference(got: readonly StepResult[], want: readonly StepResult[]): number {
  let largest = 0;
  for (const [i, result] of want.entries()) {
    const other = got[i] as StepResult;
    const pairs = [
      ...Object.entries(result.measures).map(
        ([name, value]) => [other.measures[name] ?? NaN, value] as const,
      ),
      ...Array.from(result.perSample ?? [], (value, s) => [other.perSample?.[s] ?? NaN, value] as const),
    ];
    for (const [a, b] of pairs) {
      if (Object.is(a, b)) continue;
      const difference = Math.abs(a - b) / Math.max(1, Math.abs(b));
      largest = difference >= largest ? difference : Number.isNaN(difference) ? Infinity : largest;
    }
  }
  return largest;
}

export const agrees = (difference: number): boolean => difference <= TOLERANCE;

/** The report as a sentence for the log. */
export function recordingSentence({ recorded, reason, difference }: RecordingReport): string {
  if (!recorded)
    return `Steps run one operation at a time, which is slower: ${reason ?? 'they are not recorded'}.`;
  const equal =
    difference === 0 ? 'to the last bit' : `within ${difference.toExponential(1)} of each measure`;
  return `Steps are recorded and replayed; the first agreed with running them one operation at a time ${equal}.`;
}
