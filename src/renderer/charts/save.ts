import { type Cell, toCsv } from './csv.ts';
import { lineChartSvg, type LineChartText, type Palette } from './line-svg.ts';
import { type ChartMarker, type LineSeries, seriesRows } from './series.ts';

/** Hands a file to the person: the browser's download, the save dialog in the desktop window. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the data once it began.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A title as a file name: lower case, dashes, no path. */
export function fileName(title: string, ending: string): string {
  const stem = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return `${stem === '' ? 'chart' : stem.slice(0, 80)}.${ending}`;
}

export function saveTable(
  title: string,
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
): void {
  saveFile(fileName(title, 'csv'), new Blob([toCsv(header, rows)], { type: 'text/csv' }));
}

export function saveLinesCsv(text: LineChartText, series: readonly LineSeries[]): void {
  saveTable(text.title, [text.xLabel, ...series.map((line) => line.label)], seriesRows(series));
}

export interface SavedChart extends LineChartText {
  readonly palette: Palette;
  readonly withZero?: boolean;
  readonly markers?: readonly ChartMarker[];
  readonly xRange: { readonly min: number; readonly max: number } | null;
}

export function saveLinesSvg(chart: SavedChart, series: readonly LineSeries[]): void {
  const svg = lineChartSvg(series, { ...chart, width: 960, height: 540 });
  saveFile(fileName(chart.title, 'svg'), new Blob([svg], { type: 'image/svg+xml' }));
}

/** The canvas as it is shown, on the theme's background, with title and legend. */
export async function saveLinesPng(
  chart: SavedChart,
  series: readonly LineSeries[],
  drawn: HTMLCanvasElement,
): Promise<void> {
  const scale = drawn.width / Math.max(1, drawn.clientWidth);
  const head = 34 * scale;
  const foot = 30 * scale;
  const canvas = document.createElement('canvas');
  canvas.width = drawn.width;
  canvas.height = drawn.height + head + foot;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.fillStyle = chart.palette.surface;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(drawn, 0, head);
  context.fillStyle = chart.palette.text;
  context.font = `600 ${13 * scale}px 'Inter Variable', sans-serif`;
  context.fillText(chart.title, 12 * scale, 22 * scale);
  context.font = `${11 * scale}px 'Inter Variable', sans-serif`;
  let left = 12 * scale;
  for (const line of series) {
    context.fillStyle = chart.palette[line.tone];
    context.fillRect(left, canvas.height - 17 * scale, 14 * scale, 3 * scale);
    context.fillStyle = chart.palette.text;
    context.fillText(line.label, left + 20 * scale, canvas.height - 12 * scale);
    left += 44 * scale + context.measureText(line.label).width;
  }
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob !== null) saveFile(fileName(chart.title, 'png'), blob);
}
