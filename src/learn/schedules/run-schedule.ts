import type { RunConfig } from '../config/run-settings.ts';
import { type Schedule, constant, cosine, stepDecay } from './schedule.ts';

/** The schedule of a run over its steps: milestones are epochs, cosine falls over all steps. */
export function runSchedule(
  config: Pick<RunConfig, 'schedule' | 'warmupSteps' | 'milestones' | 'decayFactor'>,
  totalSteps: number,
  stepsPerEpoch: number,
): Schedule {
  const { warmupSteps: warmup } = config;
  // The first step of a warm-up already moves: a rate of 0 would waste its batch.
  const start = 1 / Math.max(1, warmup);
  if (config.schedule === 'cosine') return cosine(totalSteps, warmup, start);
  const later = config.schedule === 'step' ? stepDecay(config.milestones, config.decayFactor) : constant();
  return (step) => {
    const rise = step < warmup ? start + ((1 - start) * step) / warmup : 1;
    return rise * later(Math.floor(step / stepsPerEpoch));
  };
}
