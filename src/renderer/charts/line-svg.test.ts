import { describe, expect, it } from 'vitest';
import { lineChartSvg, type Palette } from './line-svg.ts';
import type { LineSeries } from './series.ts';

const palette: Palette = {
  accent: 'teal',
  second: 'orange',
  third: 'plum',
  fourth: 'navy',
  muted: 'grey',
  text: 'black',
  grid: 'silver',
  surface: 'white',
};
const options = {
  title: 'Loss <of> "run"',
  xLabel: 'step',
  yLabel: 'loss',
  width: 640,
  height: 360,
  palette,
};
const loss: LineSeries = { id: 'loss', label: 'a & b', tone: 'accent', x: [0, 10, 20], y: [4, 2, 1] };

describe('a chart saved as SVG', () => {
  it('draws each line between the edges and escapes what people wrote', () => {
    const svg = lineChartSvg([loss], options);
    expect(svg).toContain('Loss &lt;of&gt; &quot;run&quot;');
    expect(svg).toContain('a &amp; b');
    const path = /<path d="M([^"H]+)" fill="none" stroke="teal"/.exec(svg)?.[1] ?? '';
    const points = path.split('L').map((point) => point.split(' ').map(Number));
    expect(points.map(([x]) => x)).toEqual([64, 344, 624]);
    const heights = points.map(([, y]) => y ?? 0);
    expect(heights[0]).toBeLessThan(heights[1] ?? 0);
    expect(Math.min(...heights)).toBeGreaterThan(36);
    expect(Math.max(...heights)).toBeLessThan(300);
  });

  it('marks where something happened, inside what is shown', () => {
    const markers = [
      { x: 10, label: 'fell & rose' },
      { x: 99, label: 'beyond' },
    ];
    const svg = lineChartSvg([loss], { ...options, markers });
    expect(svg).toContain(
      '<path d="M344 36V300" stroke="navy" stroke-dasharray="2 3"><title>fell &amp; rose</title>',
    );
    expect(svg).not.toContain('beyond');
  });

  it('draws only what the zoom shows, and nothing for an empty line', () => {
    const zoomed = lineChartSvg([loss], { ...options, xRange: { min: 5, max: 20 } });
    expect(/stroke="teal" stroke-width="1.75"/.test(zoomed)).toBe(true);
    expect(zoomed.match(/\dL\d/g)?.length).toBe(1);
    expect(lineChartSvg([{ ...loss, x: [], y: [] }], options)).not.toContain('stroke-width="1.75"');
  });
});
