import type { RunPoint } from '../../../shared/domain/run.ts';
import type { LineSeries, Tone } from '../../charts/series.ts';
import { TONES } from '../../charts/series.ts';
import { words } from './schema-form.ts';

export interface Curve {
  readonly id: string;
  readonly title: string;
  readonly yLabel: string;
  readonly withZero: boolean;
  /** Drawn although nothing was measured yet, so that the page does not jump. */
  readonly always: boolean;
  readonly matches: (key: string) => boolean;
}

/** The charts of a run in reading order. A measured value that none of them knows gets a chart of its own. */
export const CURVES: readonly Curve[] = [
  curve('loss', 'Loss', '', (key) => /loss$/i.test(key), { always: true }),
  curve('recall', 'Validation R@1', '', (key) => key === 'recallAt1', { always: true }),
  curve('rates', 'Learning rates', '', (key) => /^learningRate|Rate$/.test(key), {
    always: true,
    withZero: true,
  }),
  curve('spread', 'Spread of the embedding', '', (key) => key === 'embeddingSpread', { always: true }),
  curve('centers', 'Distinct centres a class', 'centres', (key) => key === 'distinctCenters'),
  curve('active', 'Active share', '', (key) => key === 'activeShare', { withZero: true }),
  curve('speed', 'Images a second', 'images/s', (key) => key === 'imagesPerSecond', {
    always: true,
    withZero: true,
  }),
  curve('wait', 'Waiting for the loader', '', (key) => key === 'loaderWaitShare', {
    always: true,
    withZero: true,
  }),
];

function curve(
  id: string,
  title: string,
  yLabel: string,
  matches: (key: string) => boolean,
  options: { always?: boolean; withZero?: boolean } = {},
): Curve {
  return { id, title, yLabel, matches, always: options.always ?? false, withZero: options.withZero ?? false };
}

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
  const own = keys
    .filter((key) => !CURVES.some((known) => known.matches(key)))
    .map((key) => curve(key, words(key), '', (other) => other === key));
  return [...CURVES, ...own].flatMap((known) => {
    const matching = keys.filter(known.matches);
    if (matching.length === 0 && !known.always) return [];
    const series = matching.flatMap((key, at) =>
      sources.map((source, index) =>
        lineOf(source.points, key, {
          id: `${index}:${key}`,
          label: labelOf(key, matching.length, source.name, sources.length),
          tone:
            sources.length > 1 && matching.length === 1 ? (TONES[index] ?? 'accent') : (TONES[at] ?? 'muted'),
          dashed: index > 0,
        }),
      ),
    );
    return [{ curve: known, series }];
  });
}

const LABELS: Readonly<Record<string, string>> = {
  recallAt1: 'R@1',
  learningRate: 'Backbone',
  learningRateHead: 'Head',
  learningRateCenters: 'Centres',
  distinctCenters: 'Distinct centres',
  imagesPerSecond: 'Images a second',
  loaderWaitShare: 'Share of the step',
  embeddingSpread: 'Spread',
};

function labelOf(key: string, keys: number, run: string, runs: number): string {
  const short = LABELS[key] ?? words(key.replace(/^learningRate(?=.)/, ''));
  if (runs === 1) return short;
  return keys === 1 ? run : `${short}, ${run}`;
}
