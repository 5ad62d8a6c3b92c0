/** Colours of lines by role; the view resolves them from the tokens of the current theme. */
export type Tone = 'accent' | 'second' | 'third' | 'fourth' | 'muted';
export const TONES: readonly Tone[] = ['accent', 'second', 'third', 'fourth'];

/** One line: `x` rises, `y` has a value for each. Lines of one chart may have different `x`. */
export interface LineSeries {
  readonly id: string;
  readonly label: string;
  readonly tone: Tone;
  readonly dashed?: boolean;
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/** Something that happened at an x: a vertical line. */
export interface ChartMarker {
  readonly x: number;
  readonly label: string;
}

export interface AlignedSeries {
  readonly x: number[];
  readonly columns: (number | null)[][];
}

/** Puts all lines on one ascending x axis; a line that has nothing at an x gets null there. Worth O(total points). */
export function alignSeries(series: readonly LineSeries[]): AlignedSeries {
  const first = series[0];
  if (first !== undefined && series.every((line) => sameNumbers(line.x, first.x))) {
    return { x: [...first.x], columns: series.map((line) => line.y.map(finite)) };
  }
  const x = [...new Set(series.flatMap((line) => line.x))].sort((a, b) => a - b);
  const columns = series.map((line) => {
    const column: (number | null)[] = new Array<number | null>(x.length).fill(null);
    let at = 0;
    line.x.forEach((value, index) => {
      while (at < x.length && (x[at] ?? 0) < value) at++;
      column[at] = finite(line.y[index] ?? null);
    });
    return column;
  });
  return { x, columns };
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((value, index) => value === b[index]));
}

/** Every value that a table or a CSV file shows: one row an x. */
export function seriesRows(series: readonly LineSeries[]): (number | null)[][] {
  const { x, columns } = alignSeries(series);
  return x.map((value, row) => [value, ...columns.map((column) => column[row] ?? null)]);
}

/** The last value of each line that is not null. */
export function lastValue(line: LineSeries): number | null {
  for (let index = line.y.length - 1; index >= 0; index--) {
    const value = line.y[index] ?? null;
    if (value !== null && Number.isFinite(value)) return value;
  }
  return null;
}

/** Keeps at most `limit` rows, evenly spread, the first and the last always among them. */
export function thinned<T>(rows: readonly T[], limit: number): T[] {
  if (rows.length <= limit) return [...rows];
  return Array.from({ length: limit }, (_, index) => {
    const row = rows[Math.round((index * (rows.length - 1)) / (limit - 1))];
    return row as T;
  });
}
