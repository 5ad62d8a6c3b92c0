import { z } from 'zod';

/** What the plateau schedule remembers; a part of the checkpoint. */
export const PlateauState = z.strictObject({
  /** What the rates are multiplied by. */
  factor: z.number(),
  best: z.number().nullable(),
  /** Scores since the best one, or since the rates were lowered. */
  waited: z.int(),
});
export type PlateauState = z.infer<typeof PlateauState>;

export const plateauStart: PlateauState = { factor: 1, best: null, waited: 0 };

/**
 * Lowers the rates when more than `patience` scores in a row were no better than the best, as torch's
 * ReduceLROnPlateau with threshold 0 does.
 *
 * @param score of a validation; more is better
 */
export function afterScore(
  { factor, best, waited }: PlateauState,
  score: number,
  settings: { readonly patience: number; readonly decayFactor: number },
): PlateauState {
  if (best === null || score > best) return { factor, best: score, waited: 0 };
  if (waited + 1 <= settings.patience) return { factor, best, waited: waited + 1 };
  return { factor: factor * settings.decayFactor, best, waited: 0 };
}
