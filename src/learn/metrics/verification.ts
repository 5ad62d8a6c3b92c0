import { ClassMembers } from '../miners/class-members.ts';
import { ScoreBlocks } from '../space/score-blocks.ts';
import type { VectorSpace } from '../space/vector-space.ts';

/** Steps of the distances at which a threshold may lie: squared distances between 0 and the largest possible one. */
const BINS = 65_536;
/** A rate is read off from no fewer pairs than this many false matches. */
const LEAST_FALSE_MATCHES = 10;

/** All pairs of a set by squared distance: `genuine` of one class, `impostor` of two. */
export interface PairHistogram {
  /** [bins] */
  readonly genuine: Float64Array;
  readonly impostor: Float64Array;
  /** Width of a bin, in squared distance. */
  readonly step: number;
}

/** A pair is called a match where its distance is below `threshold`. */
export interface OperatingPoint {
  readonly threshold: number;
  /** Share of the impostor pairs that are called a match: false match rate. */
  readonly fmr: number;
  /** Share of the genuine pairs that are not: false non-match rate. */
  readonly fnmr: number;
}

export interface PairOptions {
  readonly signal?: AbortSignal;
  readonly onBlock?: (done: number, total: number) => void | Promise<void>;
  /** Distances at which the genuine pairs of each image are counted. */
  readonly thresholds?: readonly number[];
}

export interface PairCounts {
  readonly histogram: PairHistogram;
  /** [images], genuine pairs that an image is part of. */
  readonly genuine: Float64Array;
  /** For every threshold [images]: those of them that are not called a match. */
  readonly misses: readonly Float64Array[];
}

/**
 * Counts all pairs of a set once, block by block, by their distance: the verification protocol ("is it the same class?")
 * of ISO/IEC 19795-1. Distances are those of float32 products.
 */
export async function countPairs(
  space: VectorSpace,
  labels: Int32Array,
  { signal, onBlock, thresholds = [] }: PairOptions = {},
): Promise<PairCounts> {
  const members = new ClassMembers(labels);
  const step = (2 * space.largestLength) ** 2 / BINS || 1;
  const all = new Float64Array(BINS);
  const genuine = new Float64Array(BINS);
  const partners = Float64Array.from(labels, (_, row) => members.positivesOf(row));
  const misses = thresholds.map(() => new Float64Array(space.rows));
  const squares = thresholds.map((threshold) => threshold ** 2);
  const scaled = Float64Array.from(space.halfSquares, (half) => (2 * half) / step);
  const blocks = await ScoreBlocks.open(space);
  try {
    for (let first = 0; first < space.rows; first += blocks.blockRows) {
      signal?.throwIfAborted();
      const count = Math.min(blocks.blockRows, space.rows - first);
      const coordinates = space.coordinates.subarray(first * space.dim, (first + count) * space.dim);
      const products = await blocks.products(coordinates, count, first);
      const width = space.rows - first;
      for (let i = 0; i < count; i++) {
        const row = first + i;
        const own = products.subarray(i * width, (i + 1) * width);
        countRow(all, own, i + 1, scaled, row, first, step);
        const others = members.of(labels[row]!);
        for (let at = others.indexOf(row) + 1; at < others.length; at++) {
          const other = others[at]!;
          const bin = binOf(scaled[row]! + scaled[other]! - (2 / step) * own[other - first]!);
          genuine[bin]!++;
          squares.forEach((square, t) => {
            if ((bin + 0.5) * step < square) return;
            misses[t]![row]!++;
            misses[t]![other]!++;
          });
        }
      }
      await onBlock?.(first + count, space.rows);
    }
  } finally {
    blocks.dispose();
  }
  const impostor = all.map((pairs, bin) => pairs - genuine[bin]!);
  return { histogram: { genuine, impostor, step }, genuine: partners, misses };
}

function countRow(
  histogram: Float64Array,
  products: Float32Array,
  from: number,
  scaled: Float64Array,
  row: number,
  first: number,
  step: number,
): void {
  const own = scaled[row]!;
  const factor = 2 / step;
  for (let j = from; j < products.length; j++) {
    histogram[binOf(own + scaled[first + j]! - factor * products[j]!)]!++;
  }
}

/** Rounding may put a distance just outside. */
function binOf(place: number): number {
  const bin = place | 0;
  return bin < 0 ? 0 : bin < BINS ? bin : BINS - 1;
}

/**
 * The largest threshold whose false match rate is at most `fmr`, with the rates that it has on these pairs. Null where
 * there are too few impostor pairs to tell (fewer than 10 / fmr), or no genuine ones.
 */
export function operatingPoint(histogram: PairHistogram, fmr: number): OperatingPoint | null {
  const { genuine, impostor, step } = histogram;
  const impostors = sumOf(impostor);
  if (impostors * fmr < LEAST_FALSE_MATCHES || sumOf(genuine) === 0) return null;
  let edge = 0;
  for (let matches = 0; edge < BINS; edge++) {
    matches += impostor[edge]!;
    if (matches > impostors * fmr) break;
  }
  return ratesAt(histogram, Math.sqrt(edge * step));
}

/** The rates of a threshold that was chosen on other pairs, to the nearest step. */
export function ratesAt(histogram: PairHistogram, threshold: number): OperatingPoint {
  const { genuine, impostor, step } = histogram;
  const edge = Math.min(BINS, Math.round(threshold ** 2 / step));
  const share = (pairs: Float64Array): number => sumOf(pairs.subarray(0, edge)) / sumOf(pairs);
  return { threshold, fmr: share(impostor), fnmr: 1 - share(genuine) };
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
