/** Rate of a step (or epoch) as a share of the base rate; t counts from 0. */
export type Schedule = (t: number) => number;

export const constant = (): Schedule => () => 1;

/**
 * A schedule whose first steps rise in a line to its rate.
 *
 * @param steps of the warm-up; 0 for none
 * @param start share of the rate at t = 0
 */
export const warmUp =
  (schedule: Schedule, steps: number, start: number): Schedule =>
  (t) =>
    (t < steps ? start + ((1 - start) * t) / steps : 1) * schedule(t);

/** Multiplies by `factor` from each milestone on. The published SoftTriple run has its milestones at 19 and 39. */
export function stepDecay(milestones: readonly number[], factor: number): Schedule {
  return (t) => factor ** milestones.filter((milestone) => t >= milestone).length;
}

/**
 * Half a cosine from 1 to `floor`, after a linear warm-up from `start`.
 *
 * @param total  steps in all, warm-up included
 * @param warmup steps of the warm-up; 0 for none
 * @param start  share of the base rate at t = 0
 * @param floor  share of the base rate at t = total
 */
export function cosine(total: number, warmup = 0, start = 0, floor = 0): Schedule {
  return (t) => {
    if (t < warmup) return start + ((1 - start) * t) / warmup;
    const progress = Math.min(1, (t - warmup) / Math.max(1, total - warmup));
    return floor + ((1 - floor) * (1 + Math.cos(Math.PI * progress))) / 2;
  };
}

/** From 1 to `end` with (1 - t/total)^power. */
export function polynomial(total: number, power = 1, end = 0): Schedule {
  return (t) => end + (1 - end) * (1 - Math.min(t, total) / total) ** power;
}

export const exponential =
  (factor: number): Schedule =>
  (t) =>
    factor ** t;
