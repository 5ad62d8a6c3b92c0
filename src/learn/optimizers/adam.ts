/** Settings of Adam; eps is added after the bias correction, as in the published recipe's framework (torch). */
export interface AdamSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export interface AdamStep {
  /** rate * sqrt(1 - beta2^t) / (1 - beta1^t), for each group. */
  readonly groupRates: readonly number[];
  /** eps * sqrt(1 - beta2^t). */
  readonly epsilon: number;
}

/**
 * The numbers of Adam's step `t` (from 1), with which the update is
 * `parameter -= groupRate * m / (sqrt(v) + epsilon)` for the uncorrected moments m and v.
 * Kingma and Ba, "Adam", ICLR 2015, the second form of algorithm 1, with eps moved to where torch has it.
 *
 * The moments are kept in float32, whose beta2 of 0.999 is off by 1e-8; correcting with that same number cancels it.
 */
export function adamStep(
  t: number,
  rates: readonly number[],
  { beta1, beta2, epsilon }: AdamSettings,
): AdamStep {
  const root = Math.sqrt(1 - Math.fround(beta2) ** t);
  const factor = root / (1 - Math.fround(beta1) ** t);
  return { groupRates: rates.map((rate) => rate * factor), epsilon: epsilon * root };
}
