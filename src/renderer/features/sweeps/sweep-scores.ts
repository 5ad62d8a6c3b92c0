import type { SweepTrial } from '../../../shared/domain/sweep.ts';

/** Best first; those without a score last, in the order of their start. */
export function byScore(trials: readonly SweepTrial[]): SweepTrial[] {
  return [...trials].sort((a, b) => (b.validation ?? -1) - (a.validation ?? -1) || a.number - b.number);
}

/** 0 for the worst score of a search, 1 for its best; null for a trial without one. */
export function scoreShare(trial: SweepTrial, all: readonly SweepTrial[]): number | null {
  if (trial.validation === null) return null;
  const scores = all.flatMap(({ validation }) => (validation === null ? [] : [validation]));
  const [low, high] = [Math.min(...scores), Math.max(...scores)];
  return high === low ? 1 : (trial.validation - low) / (high - low);
}
