import { showValue } from '../runs/field-value.ts';
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

/** How many trials are done, failed, at work or still to come; `left` is what "Go on" would train. */
export function countsOf(trials: readonly SweepTrial[]): {
  done: number;
  failed: number;
  running: number;
  waiting: number;
  left: number;
} {
  const of = (...statuses: SweepTrial['status'][]): number =>
    trials.filter(({ status }) => statuses.includes(status)).length;
  const done = of('done');
  return {
    done,
    failed: of('failed'),
    running: of('running'),
    waiting: of('queued', 'paused', 'stopped'),
    left: trials.length - done,
  };
}

/** "7 of 9 trials done, 1 failed, 1 waiting". */
export function trialsInWords(trials: readonly SweepTrial[]): string {
  const { done, failed, running, waiting } = countsOf(trials);
  const all = trials.length;
  const rest = [
    ...(running > 0 ? [`${running} training`] : []),
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ];
  const first = done === all ? `all ${all} trials done` : `${done} of ${all} trials done`;
  return [first, ...rest].join(', ');
}

/** What a trial gave to a setting; drawn numbers have more figures than anyone reads. */
export function trialValue(trial: SweepTrial, axis: string): string {
  const value = trial.values[axis];
  return showValue(typeof value === 'number' ? Number(value.toPrecision(4)) : value);
}

/** Where a trial stands on an axis of the plot: a switch stands under the words of the table. */
export function axisValue(trial: SweepTrial, axis: string): unknown {
  const value = trial.values[axis];
  return typeof value === 'boolean' ? showValue(value) : value;
}
