import type { RunSettings } from '../config/run-settings.ts';
import { adam, rmsprop } from './adam.ts';
import { rmspropWithMomentum, sgd } from './momentum.ts';
import type { UpdateRule } from './update-rule.ts';

export type OptimizerSettings = Pick<
  RunSettings,
  | 'optimizer'
  | 'adamBeta1'
  | 'adamBeta2'
  | 'adamEpsilon'
  | 'amsgrad'
  | 'momentum'
  | 'nesterov'
  | 'rmspropDecay'
>;

const RULES: Readonly<Record<RunSettings['optimizer'], (settings: OptimizerSettings) => UpdateRule>> = {
  adam: (settings) => adam({ ...adamOf(settings), decoupledDecay: false }),
  adamw: (settings) => adam({ ...adamOf(settings), decoupledDecay: true }),
  sgd: ({ momentum, nesterov }) => sgd({ momentum, nesterov }),
  rmsprop: ({ rmspropDecay: decay, adamEpsilon: epsilon, momentum }) =>
    momentum === 0 ? rmsprop({ decay, epsilon }) : rmspropWithMomentum({ decay, epsilon, momentum }),
};

const adamOf = ({ adamBeta1, adamBeta2, adamEpsilon, amsgrad }: OptimizerSettings) => ({
  beta1: adamBeta1,
  beta2: adamBeta2,
  epsilon: adamEpsilon,
  amsgrad,
});

/** The rule of the optimiser that a run's settings name. */
export const updateRule = (settings: OptimizerSettings): UpdateRule => RULES[settings.optimizer](settings);
