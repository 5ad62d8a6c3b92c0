import { type Html, html } from './html.ts';

export interface Curve {
  readonly title: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const WIDTH = 320;
const HEIGHT = 160;
const LEFT = 46;
const BOTTOM = 22;
const TOP = 8;
const RIGHT = 8;
/** More points than pixels say nothing. */
const MAX_POINTS = 300;

/** A line chart as SVG; one point is drawn as a dot, none as nothing. */
export function curveChart({ title, points }: Curve): Html | null {
  const finite = points.filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
  if (finite.length === 0) return null;
  const [minX, maxX] = extent(finite.map((point) => point.x));
  const [minY, maxY] = extent(finite.map((point) => point.y));
  const x = (value: number): number => LEFT + ((value - minX) / (maxX - minX || 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number): number =>
    HEIGHT - BOTTOM - ((value - minY) / (maxY - minY || 1)) * (HEIGHT - TOP - BOTTOM);
  const every = Math.ceil(finite.length / MAX_POINTS);
  const shown = finite.filter((_, index) => index % every === 0 || index === finite.length - 1);
  const line = shown.map((point) => `${x(point.x).toFixed(1)},${y(point.y).toFixed(1)}`).join(' ');
  const last = finite.at(-1)!;
  const floor = HEIGHT - BOTTOM;
  return html`<figure>
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}, last value ${short(last.y)}">
      <path class="axis" d="M${LEFT} ${TOP}V${floor}H${WIDTH - RIGHT}" />
      <text x="${LEFT - 4}" y="${TOP + 8}" text-anchor="end">${short(maxY)}</text>
      <text x="${LEFT - 4}" y="${floor}" text-anchor="end">${minY === maxY ? '' : short(minY)}</text>
      <text x="${LEFT}" y="${HEIGHT - 6}">${short(minX)}</text>
      <text x="${WIDTH - RIGHT}" y="${HEIGHT - 6}" text-anchor="end">step ${short(maxX)}</text>
      <polyline class="line" points="${line}" />
      <circle class="dot" cx="${x(last.x).toFixed(1)}" cy="${y(last.y).toFixed(1)}" r="3" />
    </svg>
  </figure>`;
}

function extent(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );
}

function short(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) < 0.01 ? value.toExponential(1) : value.toPrecision(3);
}
