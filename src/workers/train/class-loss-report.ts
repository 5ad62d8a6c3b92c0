import type { ClassLoss } from '#learn/training/class-losses.ts';

const NAMED = 5;

/** The first of them under their names, for the run's page. */
export const hardestClasses = (
  ranked: readonly ClassLoss[],
  names: readonly string[],
): { name: string; loss: number }[] =>
  ranked.slice(0, NAMED).map(({ label, loss }) => ({ name: names[label] ?? `class ${String(label)}`, loss }));

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
  const named = hardestClasses(ranked, names).map(({ name, loss }) => `${name} (${loss.toPrecision(3)})`);
  return `Classes with the highest loss: ${named.join(', ')}.`;
}
