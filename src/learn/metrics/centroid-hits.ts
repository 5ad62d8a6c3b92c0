import { ScoreBlocks } from '../space/score-blocks.ts';
import { NearestSelector } from '../space/select-nearest.ts';
import { VectorSpace } from '../space/vector-space.ts';

/**
 * Nearest-centroid classification: 1 where the centroid of the query's own class is nearer than those of all others. A
 * query that is itself a row of the gallery is left out of its own class's centroid. Under cosine, centroids are scaled to
 * unit length. Ties go to the class that comes first in the gallery.
 *
 * @param rows queries, rows of `queries` @param labels [queries.rows] @param galleryLabels [gallery.rows]
 * @returns [rows]
 */
export async function centroidHits(
  queries: VectorSpace,
  labels: Int32Array,
  rows: Int32Array,
  gallery: VectorSpace,
  galleryLabels: Int32Array,
  onBlock?: () => void | Promise<void>,
): Promise<Float32Array> {
  const { numbers, sums, sizes } = classSums(gallery, galleryLabels);
  const { dim, metric } = gallery;
  const classes = sizes.length;
  const means = sums.map((sum, at) => sum / sizes[Math.floor(at / dim)]!);
  const centroids = new VectorSpace({ data: means, rows: classes, dim }, metric, queries);
  const selector = new NearestSelector(1, centroids);
  const blocks = await ScoreBlocks.open(centroids);
  const hits = new Float32Array(rows.length);
  try {
    for (let first = 0; first < rows.length; first += blocks.blockRows) {
      const chosen = rows.subarray(first, first + blocks.blockRows);
      const coordinates = new Float32Array(chosen.length * dim);
      chosen.forEach((row, i) =>
        coordinates.set(queries.coordinates.subarray(row * dim, (row + 1) * dim), i * dim),
      );
      const products = await blocks.products(coordinates, chosen.length);
      chosen.forEach((row, i) => {
        const own = numbers.get(labels[row]!);
        if (own === undefined) return;
        const ownKey =
          queries === gallery
            ? keyWithout(gallery, row, sums.subarray(own * dim, (own + 1) * dim), sizes[own]!)
            : queries.key(row, centroids, own);
        const scores = products.subarray(i * classes, (i + 1) * classes);
        let isNearest = true;
        for (const other of selector.candidates(scores, own, blocks.errorOf(queries.lengths[row]!))) {
          const key = queries.key(row, centroids, other);
          if (key < ownKey || (key === ownKey && other < own)) isNearest = false;
        }
        if (isNearest) hits[first + i] = 1;
      });
      await onBlock?.();
    }
  } finally {
    blocks.dispose();
  }
  return hits;
}

/** Sums of the vectors of every class, scaled as the metric sees them; classes are numbered as they occur. */
function classSums(gallery: VectorSpace, labels: Int32Array) {
  const { dim, rows } = gallery;
  const numbers = new Map<number, number>();
  for (const label of labels) if (!numbers.has(label)) numbers.set(label, numbers.size);
  const sums = new Float64Array(numbers.size * dim);
  const sizes = new Float64Array(numbers.size);
  for (let row = 0; row < rows; row++) {
    const own = numbers.get(labels[row]!)!;
    const scale = gallery.scaleOf(row);
    sizes[own]!++;
    for (let d = 0; d < dim; d++) sums[own * dim + d]! += gallery.table.data[row * dim + d]! * scale;
  }
  // Vectors that cancel out have no direction: any tiny one makes them comparable.
  for (let own = 0; own < sizes.length; own++) {
    const sum = sums.subarray(own * dim, (own + 1) * dim);
    if (gallery.metric === 'cosine' && sum.every((value) => value === 0)) sum.fill(1e-9);
  }
  return { numbers, sums, sizes };
}

/** Squared distance of a row to the centroid of the other rows of its class. */
function keyWithout(space: VectorSpace, row: number, sum: Float64Array, size: number): number {
  const { dim, metric, table } = space;
  if (size < 2) return Infinity;
  const scale = space.scaleOf(row);
  const rest = sum.map((value, d) => value - table.data[row * dim + d]! * scale);
  const length = metric === 'cosine' ? Math.hypot(...rest) || 1 : size - 1;
  return rest.reduce((key, value, d) => {
    const difference = table.data[row * dim + d]! * scale - value / length;
    return key + difference * difference;
  }, 0);
}
