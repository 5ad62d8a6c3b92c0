import { createRandom } from '../random/counter-random.ts';
import { VectorSpace, type VectorTable } from '../space/vector-space.ts';
import { seedPlusPlus } from './k-means-seeds.ts';
import { type Assignment, assignToNearest } from './nearest-centroid.ts';

export interface KMeansResult extends Assignment {
  /** [k, dim] */
  readonly centroids: Float64Array;
  readonly iterations: number;
}

export interface KMeansOptions {
  readonly seed: number;
  readonly restarts?: number;
  readonly maxIterations?: number;
  readonly signal?: AbortSignal;
  /** Called between blocks of work, so that a process can stay responsive. */
  readonly onBlock?: () => void | Promise<void>;
}

/**
 * k-means by Lloyd's iteration from k-means++ starts (Arthur and Vassilvitskii, SODA 2007); the restart with the least
 * inertia wins. Distances are blocked matrix products on the active tfjs backend. Assignments are exact, so the same
 * points, k and seed give the same clusters on one backend; on another a draw of a start may differ by rounding.
 *
 * @param points [rows, dim], compared by Euclidean distance
 */
export async function kMeans(points: VectorTable, k: number, options: KMeansOptions): Promise<KMeansResult> {
  if (!(k >= 1 && k <= points.rows)) throw new RangeError(`${k} clusters of ${points.rows} points`);
  const space = new VectorSpace(points, 'euclidean');
  let best: KMeansResult | null = null;
  for (let restart = 0; restart < (options.restarts ?? 1); restart++) {
    const random = createRandom(options.seed, restart);
    const start = await seedPlusPlus(space, k, random, options.onBlock);
    const result = await lloyd(space, start, k, options);
    if (best === null || result.inertia < best.inertia) best = result;
  }
  return best!;
}

/**
 * Lloyd's iteration from given centroids: assign every point to the nearest, move every centroid to the mean of its
 * points (one without points stays), until nothing changes or `maxIterations` (50) are done. The assignment that is
 * returned is to the returned centroids.
 *
 * @param start [k, dim]
 */
export async function lloyd(
  points: VectorSpace,
  start: Float64Array,
  k: number,
  { maxIterations = 50, signal, onBlock }: Omit<KMeansOptions, 'seed' | 'restarts'> = {},
): Promise<KMeansResult> {
  let centroids = start;
  let found = await assignToNearest(points, centroids, k, onBlock);
  let iterations = 0;
  while (iterations < maxIterations) {
    signal?.throwIfAborted();
    centroids = means(points.table, found.assignment, centroids, k);
    iterations++;
    const next = await assignToNearest(points, centroids, k, onBlock);
    const settled = next.assignment.every((cluster, i) => cluster === found.assignment[i]);
    found = next;
    if (settled) break;
  }
  return { ...found, centroids, iterations };
}

function means(
  { data, rows, dim }: VectorTable,
  assignment: Int32Array,
  previous: Float64Array,
  k: number,
): Float64Array {
  const sums = new Float64Array(k * dim);
  const counts = new Float64Array(k);
  for (let row = 0; row < rows; row++) {
    const cluster = assignment[row]!;
    counts[cluster]!++;
    for (let d = 0; d < dim; d++) sums[cluster * dim + d]! += data[row * dim + d]!;
  }
  for (let cluster = 0; cluster < k; cluster++) {
    for (let d = cluster * dim; d < (cluster + 1) * dim; d++) {
      sums[d] = counts[cluster]! > 0 ? sums[d]! / counts[cluster]! : previous[d]!;
    }
  }
  return sums;
}
