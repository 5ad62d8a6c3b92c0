import type { RunPoint } from '../../../shared/domain/run.ts';
import type { LineSeries, Tone } from '../../charts/series.ts';
import { TONES } from '../../charts/series.ts';
import { type Curve, CURVES, unknownCurve } from './curve-list.ts';

/** One line of the values under `key`, by step. */
export function lineOf(
  points: readonly RunPoint[],
  key: string,
  line: { id?: string; label: string; tone: Tone; dashed?: boolean },
): LineSeries {
  const x: number[] = [];
  const y: number[] = [];
  for (const point of points) {
    const value = point.values[key];
    if (value === undefined) continue;
    x.push(point.step);
    y.push(value);
  }
  return { id: line.id ?? key, label: line.label, tone: line.tone, dashed: line.dashed ?? false, x, y };
}

export interface DrawnCurve {
  readonly curve: Curve;
  readonly series: readonly LineSeries[];
}

export interface CurveSource {
  readonly name: string;
  readonly points: readonly RunPoint[];
}

/** The charts of one run, or of two laid over each other (the second dashed). */
export function curvesOf(sources: readonly CurveSource[]): DrawnCurve[] {
  const keys = [
    ...new Set(sources.flatMap((source) => source.points.flatMap((point) => Object.keys(point.values)))),
  ];
  const own = keys.filter((key) => !CURVES.some(({ lines }) => key in lines)).map(unknownCurve);
  return [...CURVES, ...own].flatMap((known) => {
    const matching = Object.keys(known.lines).filter((key) => keys.includes(key));
    if (matching.length === 0 && !known.always) return [];
    const series = matching.flatMap((key, at) =>
      sources.map((source, index) =>
        lineOf(source.points, key, {
          id: `${index}:${key}`,
          label: labelOf(known, key, matching.length, sources.length === 1 ? null : source.name),
          tone:
            sources.length > 1 && matching.length === 1 ? (TONES[index] ?? 'accent') : (TONES[at] ?? 'muted'),
          dashed: index > 0,
        }),
      ),
    );
    return [{ curve: known, series }];
  });
}

/** @param run its name where two are laid over each other */
function labelOf({ lines }: Curve, key: string, keys: number, run: string | null): string {
  const short = lines[key] ?? key;
  if (run === null) return short;
  return keys === 1 ? run : `${short}, ${run}`;
}
