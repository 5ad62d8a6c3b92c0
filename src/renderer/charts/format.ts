import { formatCount } from '../ui/format.ts';

/** Numbers of unknown size, as axes and read-outs need them; everything else is in ui/format. */

const MINUS = '\u2212';

/** At most `digits` significant figures: 0.00012 as `1.2e−4`, 12345 as `12,345`; a dash for nothing. */
export function formatFigure(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : `${MINUS}∞`;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e7) {
    return value
      .toExponential(Math.min(2, digits - 1))
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e')
      .replaceAll('-', MINUS);
  }
  if (Number.isInteger(value)) return formatCount(value).replace('-', MINUS);
  const decimals = Math.max(0, Math.min(6, digits - 1 - Math.floor(Math.log10(size))));
  return value.toFixed(decimals).replace('-', MINUS);
}

/** A number on an axis: as many decimals as a step of a fifth of `range` needs, the same for every tick. */
export function formatTick(value: number, range: number): string {
  const step = Math.abs(range) / 5;
  if (value === 0 || step === 0 || step < 1e-4 || Math.abs(value) >= 1e6) return formatFigure(value, 3);
  const decimals = Math.max(0, Math.ceil(-Math.log10(step)));
  return value.toFixed(decimals).replace('-', MINUS);
}

/** With its sign in front, for differences. One too small for the decimals shows its first figures instead. */
export function formatDifference(value: number, decimals = 3): string {
  const vanishes = value !== 0 && Math.abs(value) < 0.5 * 10 ** -decimals;
  const text = vanishes ? formatFigure(value, 2) : value.toFixed(decimals).replace('-', MINUS);
  return value > 0 ? `+${text}` : text;
}
