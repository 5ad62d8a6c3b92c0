/** Round numbers (1, 2, 2.5 or 5 times a power of ten) that cover `min` to `max` in about `count` steps. */
export function niceTicks(min: number, max: number, count = 5): number[] {
  if (!Number.isFinite(min) || !Number.isFinite(max)) return [];
  if (min === max) return [min];
  const rough = Math.abs(max - min) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(Math.min(min, max) / step - 1e-9);
  const last = Math.floor(Math.max(min, max) / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/** Widens a range so that a flat or empty line still has room; keeps 0 in it when asked. */
export function paddedRange(
  values: readonly (number | null)[],
  withZero = false,
): { min: number; max: number } {
  let min = withZero ? 0 : Number.POSITIVE_INFINITY;
  let max = withZero ? 0 : Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) return { min: 0, max: 1 };
  if (min === max)
    return min === 0 ? { min: 0, max: 1 } : { min: min - Math.abs(min) / 10, max: max + Math.abs(max) / 10 };
  const pad = (max - min) * 0.05;
  return { min: withZero && min === 0 ? 0 : min - pad, max: withZero && max === 0 ? 0 : max + pad };
}
