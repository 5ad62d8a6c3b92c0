import type { JobProgress } from '#shared/domain/job.ts';
import { count, seconds } from './numbers.ts';

const BAR_CELLS = 24;

/** `Training  [#####-----] 45 %  1,200 of 2,600 steps, 21 steps/s, 1 min left` */
export function progressLine(progress: JobProgress, options: { readonly bar: boolean }): string {
  const { phase, done, total, unit, perSecond, secondsLeft } = progress;
  const amount =
    total === null
      ? `${count(Math.round(done))} ${unit}`
      : `${count(Math.round(done))} of ${count(Math.round(total))} ${unit}`;
  const details = [amount];
  if (perSecond !== null && perSecond > 0) details.push(`${rate(perSecond)} ${unit}/s`);
  if (secondsLeft !== null && secondsLeft > 0) details.push(`${seconds(secondsLeft)} left`);
  const share = total !== null && total > 0 ? Math.min(1, Math.max(0, done / total)) : null;
  const percent = share === null ? '' : `${String(Math.floor(share * 100)).padStart(3)} %  `;
  const bar =
    options.bar && share !== null
      ? `[${'#'.repeat(Math.round(share * BAR_CELLS)).padEnd(BAR_CELLS, '-')}] `
      : '';
  return `${phase}  ${bar}${percent}${details.join(', ')}`;
}

const rate = (perSecond: number): string =>
  perSecond >= 100 ? count(Math.round(perSecond)) : perSecond.toPrecision(2);
