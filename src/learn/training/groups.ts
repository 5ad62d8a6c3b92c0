import type { Parameter } from '../backend/kernels.ts';
import type { DecayedParameter } from '../optimizers/optimizer.ts';

/** The groups that learning rates come from. */
export const GROUP = { backbone: 0, head: 1, method: 2 } as const;

/** How a group of parameters is trained, beside its learning rate. */
export interface GroupSettings {
  readonly decay: number;
  /** Steps at the start in which the group stays as it is; Infinity for good. */
  readonly frozenSteps: number;
}

/** @param decayVectors whether arrays of one axis (biases, scales and shifts of norms) decay too */
export const withDecay = (
  parameters: readonly Parameter[],
  groups: readonly GroupSettings[],
  decayVectors: boolean,
): DecayedParameter[] =>
  parameters.map((parameter) => {
    const decays = decayVectors || parameter.variable.rank > 1 || parameter.group === GROUP.method;
    return { ...parameter, decay: decays ? (groups[parameter.group]?.decay ?? 0) : 0 };
  });

/** Which groups stay as they are in a step, counted from 1. Never all: somebody has to be trained. */
export function frozenGroups(
  groups: readonly GroupSettings[],
  parameters: readonly Parameter[],
  step: number,
): number[] {
  const frozen = groups.flatMap(({ frozenSteps }, group) => (step <= frozenSteps ? [group] : []));
  return parameters.every(({ group }) => frozen.includes(group)) ? [] : frozen;
}

/** How often a group has moved with the update of step `step`: every `accumulate` steps, those of its freeze left out. */
export const updatesOf = ({ frozenSteps }: GroupSettings, step: number, accumulate: number): number =>
  Math.max(
    1,
    Math.floor(step / accumulate) - Math.floor((Number.isFinite(frozenSteps) ? frozenSteps : 0) / accumulate),
  );
