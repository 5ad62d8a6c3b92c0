import { ScoreBlocks } from '../space/score-blocks.ts';
import { NearestSelector } from '../space/select-nearest.ts';
import { VectorSpace } from '../space/vector-space.ts';

/** Which centroid is nearest to every point, exactly; equal distances go to the smaller number. */
export interface Assignment {
  readonly assignment: Int32Array;
  /** Sum of squared distances to the nearest centroid. */
  readonly inertia: number;
}

/**
 * @param centroids [k, dim]
 * @param onBlock called between blocks of points
 */
export async function assignToNearest(
  points: VectorSpace,
  centroids: Float64Array,
  k: number,
  onBlock?: () => void | Promise<void>,
): Promise<Assignment> {
  const space = new VectorSpace({ data: centroids, rows: k, dim: points.dim }, 'euclidean', points);
  const blocks = await ScoreBlocks.open(space);
  const selector = new NearestSelector(1, space);
  const assignment = new Int32Array(points.rows);
  let inertia = 0;
  try {
    for (let first = 0; first < points.rows; first += blocks.blockRows) {
      const count = Math.min(blocks.blockRows, points.rows - first);
      const products = await blocks.products(
        points.coordinates.subarray(first * points.dim, (first + count) * points.dim),
        count,
      );
      for (let i = 0; i < count; i++) {
        const point = first + i;
        const error = blocks.errorOf(points.lengths[point]!);
        const candidates = selector.candidates(products.subarray(i * k, (i + 1) * k), -1, error);
        let least = Infinity;
        for (const candidate of candidates) {
          const key = points.key(point, space, candidate);
          if (key < least || (key === least && candidate < assignment[point]!)) {
            assignment[point] = candidate;
            least = key;
          }
        }
        inertia += least;
      }
      await onBlock?.();
    }
  } finally {
    blocks.dispose();
  }
  return { assignment, inertia };
}
