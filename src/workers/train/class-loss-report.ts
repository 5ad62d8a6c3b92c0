import type { ClassLoss } from '#learn/training/class-losses.ts';

const NAMED = 5;

/**
 * Points of the curves.
 * @param ranked highest loss first
 */
export function classLossValues(ranked: readonly ClassLoss[]): Record<string, number> {
  const [worst, middle] = [ranked[0], ranked[Math.floor(ranked.length / 2)]];
  return worst && middle ? { worstClassLoss: worst.loss, medianClassLoss: middle.loss } : {};
}

/** Which classes had the highest loss in an epoch; `ranked` has one at least. */
export function classLossSentence(ranked: readonly ClassLoss[], names: readonly string[]): string {
  const named = ranked
    .slice(0, NAMED)
    .map(({ label, loss }) => `${names[label] ?? `class ${String(label)}`} (${loss.toPrecision(3)})`);
  return `Classes with the highest loss: ${named.join(', ')}.`;
}
