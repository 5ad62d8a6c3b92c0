import uPlot from 'uplot';
import { formatTick } from './format.ts';
import type { Palette } from './line-svg.ts';
import { alignSeries, type ChartMarker, type LineSeries } from './series.ts';
import { onThemeChange, readPalette } from './theme.ts';
import { paddedRange } from './ticks.ts';

export interface LineChartViewOptions {
  readonly withZero?: boolean;
  /** The values under the crosshair, one a line; null when it left. */
  readonly onCursor?: (
    at: { readonly x: number; readonly values: readonly (number | null)[] } | null,
  ) => void;
  /** The x range that is shown; null when it is all of it. */
  readonly onZoom?: (range: { readonly min: number; readonly max: number } | null) => void;
}

/** Lines on a canvas (uPlot). Knows nothing of Svelte: make it on an element, give it data, destroy it. */
export class LineChartView {
  readonly #host: HTMLElement;
  readonly #options: LineChartViewOptions;
  readonly #resize: ResizeObserver;
  readonly #offTheme: () => void;
  #plot: uPlot | null = null;
  #series: readonly LineSeries[] = [];
  #shape = '';
  #markers: readonly ChartMarker[] = [];
  #palette: Palette;
  #zoom: { readonly min: number; readonly max: number } | null = null;

  constructor(host: HTMLElement, options: LineChartViewOptions = {}) {
    this.#host = host;
    this.#options = options;
    this.#palette = readPalette(host);
    this.#resize = new ResizeObserver(() => this.#fit());
    this.#resize.observe(host);
    this.#offTheme = onThemeChange(() => {
      this.#palette = readPalette(host);
      this.#plot?.redraw();
    });
  }

  get palette(): Palette {
    return this.#palette;
  }

  get canvas(): HTMLCanvasElement | null {
    return this.#plot?.ctx.canvas ?? null;
  }

  /** Draws these lines. While zoomed, new points do not move what is shown. */
  setData(series: readonly LineSeries[]): void {
    this.#series = series;
    const { x, columns } = alignSeries(series);
    const data = [x, ...columns] as uPlot.AlignedData;
    const shape = series.map((line) => `${line.id}:${line.tone}:${line.dashed === true}`).join('|');
    if (this.#plot === null || shape !== this.#shape) {
      this.#shape = shape;
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#plotOptions(), data, this.#host);
    } else {
      this.#plot.setData(data, this.#zoom === null);
      if (this.#zoom !== null) this.#plot.setScale('x', this.#zoom);
    }
  }

  setMarkers(markers: readonly ChartMarker[]): void {
    this.#markers = markers;
    this.#plot?.redraw(false);
  }

  resetZoom(): void {
    const x = this.#plot?.data[0];
    if (this.#plot === null || x === undefined || x.length === 0) return;
    this.#plot.setScale('x', { min: x[0] ?? 0, max: x.at(-1) ?? 1 });
  }

  /** Moves the crosshair by a number of points, for the keyboard. */
  moveCursor(by: number): void {
    const plot = this.#plot;
    const x = plot?.data[0];
    if (plot === null || x === undefined || x.length === 0) return;
    const from = plot.cursor.idx ?? (by > 0 ? -1 : x.length);
    const to = Math.max(0, Math.min(x.length - 1, from + by));
    plot.setCursor({ left: plot.valToPos(x[to] ?? 0, 'x'), top: plot.over.clientHeight / 2 }, true);
  }

  destroy(): void {
    this.#resize.disconnect();
    this.#offTheme();
    this.#plot?.destroy();
    this.#plot = null;
  }

  #fit(): void {
    const { clientWidth: width, clientHeight: height } = this.#host;
    if (this.#plot !== null && width > 0 && height > 0) this.#plot.setSize({ width, height });
  }

  #plotOptions(): uPlot.Options {
    const axis = (): uPlot.Axis => ({
      stroke: () => this.#palette.text,
      grid: { stroke: () => this.#palette.grid, width: 1 },
      ticks: { show: false },
      font: "11px 'Inter Variable', system-ui, sans-serif",
      values: (_plot, ticks, _axis, _space, step) => ticks.map((tick) => formatTick(tick, step * 5)),
    });
    return {
      width: Math.max(1, this.#host.clientWidth),
      height: Math.max(1, this.#host.clientHeight),
      legend: { show: false },
      padding: [8, 12, 0, 0],
      scales: {
        x: { time: false },
        y: { range: () => this.#yRange() },
      },
      axes: [
        { ...axis(), size: 24, gap: 4, grid: { show: false }, space: 56 },
        { ...axis(), size: 52, gap: 6, space: 28 },
      ],
      series: [{}, ...this.#series.map((line) => this.#lineOptions(line))],
      cursor: { y: false, points: { size: 6 }, drag: { x: true, y: false } },
      hooks: {
        setCursor: [(plot) => this.#told(plot)],
        setScale: [(plot, key) => this.#scaled(plot, key)],
        draw: [(plot) => this.#drawMarkers(plot)],
      },
    };
  }

  #lineOptions(line: LineSeries): uPlot.Series {
    return {
      label: line.label,
      stroke: () => this.#palette[line.tone],
      width: 1.75,
      spanGaps: true,
      points: { show: line.y.length < 30, size: 5, width: 0, fill: () => this.#palette[line.tone] },
      ...(line.dashed === true ? { dash: [5, 4] } : {}),
    };
  }

  #drawMarkers(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const { min, max } = plot.scales['x'] ?? {};
    ctx.save();
    ctx.strokeStyle = this.#palette.fourth;
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
    for (const { x } of this.#markers) {
      if (min === undefined || max === undefined || x < min || x > max) continue;
      const at = Math.round(plot.valToPos(x, 'x', true));
      ctx.beginPath();
      ctx.moveTo(at, bbox.top);
      ctx.lineTo(at, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  }

  #yRange(): [number, number] {
    const zoom = this.#zoom;
    const values = this.#series.flatMap((line) =>
      zoom === null
        ? line.y
        : line.y.filter((_, at) => (line.x[at] ?? 0) >= zoom.min && (line.x[at] ?? 0) <= zoom.max),
    );
    const { min, max } = paddedRange(values, this.#options.withZero);
    return [min, max];
  }

  #told(plot: uPlot): void {
    const at = plot.cursor.idx;
    const [x, ...columns] = plot.data;
    const value = at === null || at === undefined ? undefined : x[at];
    if (value === undefined || (plot.cursor.left ?? -1) < 0) this.#options.onCursor?.(null);
    else this.#options.onCursor?.({ x: value, values: columns.map((column) => nearest(column, at ?? 0)) });
  }

  #scaled(plot: uPlot, key: string): void {
    if (key !== 'x') return;
    const [x] = plot.data;
    const { min, max } = plot.scales['x'] ?? {};
    if (min === undefined || max === undefined || x.length === 0) return;
    const whole = min <= (x[0] ?? 0) && max >= (x.at(-1) ?? 0);
    this.#zoom = whole ? null : { min, max };
    this.#options.onZoom?.(this.#zoom);
  }
}

/** The value at an index, else the last one before it: lines that are measured less often still say something. */
function nearest(column: ArrayLike<number | null | undefined>, index: number): number | null {
  for (let at = index; at >= 0; at--) {
    const value = column[at];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}
