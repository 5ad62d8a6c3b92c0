import type { RunConfig } from '../config/run-settings.ts';
import { type Schedule, constant, cosine, exponential, polynomial, stepDecay, warmUp } from './schedule.ts';

type Settings = Pick<
  RunConfig,
  'schedule' | 'warmupSteps' | 'milestones' | 'decayFactor' | 'finalRateShare' | 'schedulePower'
>;

/**
 * The schedule of a run over its steps. Milestones are epochs, the exponential falls with every epoch; cosine and
 * polynomial fall over the steps after the warm-up. A plateau's factor comes on top: it depends on the scores.
 */
export function runSchedule(config: Settings, totalSteps: number, stepsPerEpoch: number): Schedule {
  const { warmupSteps: warmup, finalRateShare, schedulePower } = config;
  // The first step of a warm-up already moves: a rate of 0 would waste its batch.
  const start = 1 / Math.max(1, warmup);
  const byEpoch =
    (schedule: Schedule): Schedule =>
    (step) =>
      schedule(Math.floor(step / stepsPerEpoch));
  switch (config.schedule) {
    case 'cosine':
      return cosine(totalSteps, warmup, start, finalRateShare);
    case 'polynomial': {
      const fall = polynomial(Math.max(1, totalSteps - warmup), schedulePower, finalRateShare);
      return warmUp((step) => fall(Math.max(0, step - warmup)), warmup, start);
    }
    case 'step':
      return warmUp(byEpoch(stepDecay(config.milestones, config.decayFactor)), warmup, start);
    case 'exponential':
      return warmUp(byEpoch(exponential(config.decayFactor)), warmup, start);
    default:
      return warmUp(constant(), warmup, start);
  }
}
