import { BATCH_MEASURES, NO_PAIRS } from './batch-measures.ts';

/** What every step measures, in the order of its result; the method's figures and the samples' losses follow. */
export const STEP_MEASURES = ['loss', 'gradientNorm', ...BATCH_MEASURES] as const;

export interface StepResult {
  readonly loss: number;
  readonly gradientNorm: number;
  /** Everything that goes on the curves by name, loss and gradient norm too. */
  readonly measures: Readonly<Record<string, number>>;
  /** [batch]: the loss of each sample, where the method's loss is made of samples. */
  readonly perSample: Float32Array | null;
}

/**
 * @param values  what a step returned
 * @param figures names of the method's own numbers
 */
export function readStepResult(values: Float32Array, figures: readonly string[]): StepResult {
  const names = [...STEP_MEASURES, ...figures];
  const measures: Record<string, number> = {};
  for (const [i, name] of names.entries()) {
    const value = values[i] as number;
    const missing = name.endsWith('Distance') && value === NO_PAIRS;
    if (!missing) measures[name] = value;
  }
  const perSample = values.length > names.length ? values.slice(names.length) : null;
  return { loss: values[0] as number, gradientNorm: values[1] as number, measures, perSample };
}
