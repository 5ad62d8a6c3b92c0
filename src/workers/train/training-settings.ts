import type { RunConfig } from '#learn/config.ts';
import { updateRule } from '#learn/optimizers/optimizers.ts';
import type { TrainerOptions } from '#learn/trainer.ts';

type Settings = Pick<
  TrainerOptions,
  'rule' | 'groups' | 'decayVectors' | 'clipNorm' | 'accumulate' | 'averageDecay'
>;

/** What a run's settings mean for its trainer: optimiser, groups, clipping, accumulation and averages. */
export function trainingSettings(config: RunConfig): Settings {
  const { weightDecay, headDecayShare, centersDecayShare, freezeBackboneSteps } = config;
  const frozen = (rate: number, steps = 0): number => (rate === 0 ? Infinity : steps);
  return {
    rule: updateRule(config),
    groups: [
      { decay: weightDecay, frozenSteps: frozen(config.backboneRate, freezeBackboneSteps) },
      { decay: weightDecay * headDecayShare, frozenSteps: frozen(config.headRate) },
      { decay: weightDecay * centersDecayShare, frozenSteps: frozen(config.centersRate) },
    ],
    decayVectors: config.decayVectors,
    clipNorm: config.clipNorm,
    accumulate: config.accumulate,
    averageDecay: config.emaDecay,
  };
}
