import { formatTick } from './format.ts';
import { alignSeries, type ChartMarker, type LineSeries, type Tone } from './series.ts';
import { niceTicks, paddedRange } from './ticks.ts';

export interface LineChartText {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
}

export type Palette = Readonly<Record<Tone | 'text' | 'grid' | 'surface', string>>;

export interface SvgOptions extends LineChartText {
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  readonly withZero?: boolean;
  readonly markers?: readonly ChartMarker[];
  readonly xRange?: { readonly min: number; readonly max: number } | null;
}

const EDGE = { left: 64, right: 16, top: 36, bottom: 60 };

/** A chart as a self-contained SVG file: what "Save as SVG" writes. Pure text, no document needed. */
export function lineChartSvg(series: readonly LineSeries[], options: SvgOptions): string {
  const { width, height, palette } = options;
  const { x, columns } = alignSeries(series);
  const xRange = options.xRange ?? { min: x[0] ?? 0, max: x.at(-1) ?? 1 };
  const inside = (at: number): boolean => at >= xRange.min && at <= xRange.max;
  const yRange = paddedRange(
    columns.flatMap((column) => column.filter((_, row) => inside(x[row] ?? Number.NaN))),
    options.withZero,
  );
  const toX = scale(xRange, EDGE.left, width - EDGE.right);
  const toY = scale(yRange, height - EDGE.bottom, EDGE.top);
  const grid = niceTicks(yRange.min, yRange.max)
    .map(
      (tick) =>
        `<path d="M${EDGE.left} ${px(toY(tick))}H${width - EDGE.right}" stroke="${palette.grid}"/>` +
        `<text x="${EDGE.left - 8}" y="${px(toY(tick) + 4)}" text-anchor="end">${formatTick(tick, yRange.max - yRange.min)}</text>`,
    )
    .join('');
  const below = niceTicks(xRange.min, xRange.max, 6)
    .map(
      (tick) =>
        `<text x="${px(toX(tick))}" y="${height - EDGE.bottom + 18}" text-anchor="middle">${formatTick(tick, xRange.max - xRange.min)}</text>`,
    )
    .join('');
  const lines = series
    .map((line, index) => {
      const points = (columns[index] ?? []).flatMap((y, row) => {
        const at = x[row] ?? Number.NaN;
        return y === null || !inside(at) ? [] : [`${px(toX(at))} ${px(toY(y))}`];
      });
      const dash = line.dashed === true ? ' stroke-dasharray="5 4"' : '';
      return points.length === 0
        ? ''
        : `<path d="M${points.join('L')}" fill="none" stroke="${palette[line.tone]}" stroke-width="1.75"${dash}/>`;
    })
    .join('');
  const marks = (options.markers ?? [])
    .filter((marker) => inside(marker.x))
    .map(
      (marker) =>
        `<path d="M${px(toX(marker.x))} ${EDGE.top}V${height - EDGE.bottom}" stroke="${palette.fourth}" stroke-dasharray="2 3">` +
        `<title>${escape(marker.label)}</title></path>`,
    )
    .join('');
  const legend = series
    .map(
      (line, index) =>
        `<g transform="translate(${EDGE.left + index * 170} ${height - 12})"><path d="M0 -4H16" stroke="${palette[line.tone]}" stroke-width="3"/>` +
        `<text x="22">${escape(line.label)}</text></g>`,
    )
    .join('');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="Inter, system-ui, sans-serif" font-size="11" fill="${palette.text}" role="img">` +
    `<title>${escape(options.title)}</title><rect width="100%" height="100%" fill="${palette.surface}"/>` +
    `<text x="${EDGE.left}" y="20" font-size="14" font-weight="600">${escape(options.title)}</text>` +
    `${grid}${below}<text x="${width - EDGE.right}" y="${height - EDGE.bottom + 34}" text-anchor="end">${escape(options.xLabel)}</text>` +
    `<text x="${width - EDGE.right}" y="20" text-anchor="end">${escape(options.yLabel)}</text>${lines}${marks}${legend}</svg>`
  );
}

function scale(range: { min: number; max: number }, from: number, to: number): (value: number) => number {
  const span = range.max - range.min || 1;
  return (value) => from + ((value - range.min) / span) * (to - from);
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escape(text: string): string {
  return text.replace(/[<>&"]/g, (c) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' })[c] ?? c);
}
