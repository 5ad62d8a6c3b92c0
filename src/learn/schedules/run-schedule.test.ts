import { describe, expect, it } from 'vitest';
import { RunSettings } from '../config/run-settings.ts';
import { type PlateauState, afterScore, plateauStart } from './plateau.ts';
import { runSchedule } from './run-schedule.ts';

const rates = (settings: Record<string, unknown>, steps: number[], total = 100, epoch = 10): number[] =>
  steps.map(runSchedule(RunSettings.parse({ warmupSteps: 0, ...settings }), total, epoch));

describe('the schedule of a run', () => {
  it.each(['cosine', 'step', 'polynomial', 'exponential', 'plateau', 'constant'])(
    'rises in a line while it warms up: %s',
    (schedule) => {
      const [first, third, full] = rates({ schedule, warmupSteps: 4 }, [0, 2, 4]);
      expect(first).toBeCloseTo(1 / 4, 12);
      expect(third).toBeCloseTo(1 / 4 + (3 / 4) * (2 / 4), 12);
      expect(full).toBe(1);
    },
  );

  it('falls over the steps or with the epochs, as its kind has it', () => {
    expect(rates({ schedule: 'step', milestones: [2, 4], decayFactor: 0.1 }, [19, 20, 40])).toEqual([
      1,
      0.1,
      0.1 ** 2,
    ]);
    expect(rates({ schedule: 'exponential', decayFactor: 0.5 }, [9, 10, 25])).toEqual([1, 0.5, 0.25]);
    const polynomial = { schedule: 'polynomial', finalRateShare: 0.1, schedulePower: 2, warmupSteps: 20 };
    expect(rates(polynomial, [20, 60, 100])).toEqual([1, expect.closeTo(0.1 + 0.9 / 4, 12), 0.1]);
    expect(rates({ schedule: 'cosine', finalRateShare: 0.2 }, [0, 50, 100])).toEqual([
      1,
      expect.closeTo(0.6, 12),
      expect.closeTo(0.2, 12),
    ]);
    expect(rates({ schedule: 'constant' }, [0, 99])).toEqual([1, 1]);
  });
});

describe('the plateau', () => {
  const after = (scores: readonly number[], patience: number): PlateauState =>
    scores.reduce((state, score) => afterScore(state, score, { patience, decayFactor: 0.1 }), plateauStart);

  it('lowers the rates after more scores without a gain than its patience, and waits anew', () => {
    expect(after([0.5, 0.5, 0.4], 2).factor).toBe(1);
    expect(after([0.5, 0.5, 0.4, 0.5], 2)).toEqual({ factor: 0.1, best: 0.5, waited: 0 });
    expect(after([0.5, 0.4, 0.4, 0.6, 0.4, 0.4], 2).factor).toBe(1);
    expect(after([0.5, 0.4, 0.4], 0).factor).toBeCloseTo(0.01, 12);
  });
});
