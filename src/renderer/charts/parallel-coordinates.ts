/** One axis of a parallel-coordinates plot: where each of its values stands, from 0 (bottom) to 1 (top). */
export interface ParallelAxis {
  readonly name: string;
  readonly ticks: readonly { readonly label: string; readonly at: number }[];
  place(value: unknown): number | null;
}

const shown = (value: number): string => String(Number(value.toPrecision(3)));

/**
 * An axis over the values that occur. Numbers above 0 whose largest is twenty times the least or more stand on a logarithmic
 * scale; texts and switches stand at even distances in the order in which they occur.
 */
export function parallelAxis(name: string, values: readonly unknown[]): ParallelAxis {
  const known = values.filter((value) => value !== null && value !== undefined);
  const numbers = known.filter((value): value is number => typeof value === 'number');
  if (numbers.length < known.length || numbers.length === 0) return categorical(name, known);
  const [min, max] = [Math.min(...numbers), Math.max(...numbers)];
  const isLog = min > 0 && max / min >= 20;
  const scaled = isLog ? Math.log : (value: number): number => value;
  const [low, high] = [scaled(min), scaled(max)];
  const place = (value: unknown): number | null => {
    if (typeof value !== 'number') return null;
    return high === low ? 0.5 : (scaled(value) - low) / (high - low);
  };
  const distinct = [...new Set(numbers)].sort((a, b) => a - b);
  const middle = isLog ? Math.sqrt(min * max) : (min + max) / 2;
  // A few values are all named; many are named at the ends and in the middle.
  const named = distinct.length <= 6 ? distinct : [min, middle, max];
  return { name, ticks: named.map((value) => ({ label: shown(value), at: place(value) ?? 0 })), place };
}

function categorical(name: string, values: readonly unknown[]): ParallelAxis {
  const labels = [...new Set(values.map(textOf))];
  const at = (index: number): number => (labels.length === 1 ? 0.5 : index / (labels.length - 1));
  return {
    name,
    ticks: labels.map((label, index) => ({ label, at: at(index) })),
    place: (value) => {
      const index = value === null || value === undefined ? -1 : labels.indexOf(textOf(value));
      return index < 0 ? null : at(index);
    },
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Those ticks that stand at least `apart` from the one named before; the two ends are always named. */
export function spacedTicks(ticks: ParallelAxis['ticks'], apart: number): ParallelAxis['ticks'] {
  const sorted = [...ticks].sort((a, b) => a.at - b.at);
  const top = sorted.at(-1);
  let before = Number.NEGATIVE_INFINITY;
  return sorted.filter((tick) => {
    const isEnd = tick === top || tick === sorted[0];
    if (!isEnd && (tick.at - before < apart || (top?.at ?? 1) - tick.at < apart)) return false;
    before = tick.at;
    return true;
  });
}

/** Mean width of a letter at the size of the labels. */
const LETTER = 6.2;

/** A text cut to about `room` pixels, with dots where something is missing. */
export function cutTo(text: string, room: number): string {
  const letters = Math.max(2, Math.floor(room / LETTER));
  return text.length <= letters ? text : `${text.slice(0, letters - 1).trimEnd()}…`;
}
