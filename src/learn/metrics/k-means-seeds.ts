import { type Random, shuffledIndices } from '../random/counter-random.ts';
import type { VectorTable } from '../space/vector-space.ts';

/** k-means++: every next centroid is a point drawn in proportion to its squared distance to the nearest one so far. */
export function seedPlusPlus(points: VectorTable, k: number, random: Random): Float64Array {
  const { data, rows, dim } = points;
  const centroids = new Float64Array(k * dim);
  const nearest = new Float64Array(rows).fill(Infinity);
  let chosen = random.below(rows);
  for (let c = 0; c < k; c++) {
    for (let d = 0; d < dim; d++) centroids[c * dim + d] = data[chosen * dim + d]!;
    let total = 0;
    for (let row = 0; row < rows; row++) {
      const limit = nearest[row]!;
      let square = 0;
      for (let d = 0; d < dim && square < limit; d++) {
        const difference = data[row * dim + d]! - centroids[c * dim + d]!;
        square += difference * difference;
      }
      if (square < limit) nearest[row] = square;
      total += nearest[row]!;
    }
    chosen = total > 0 ? drawInProportion(nearest, random.next() * total) : random.below(rows);
  }
  return centroids;
}

/** k different points at random. */
export function seedWithPoints({ data, rows, dim }: VectorTable, k: number, random: Random): Float64Array {
  const centroids = new Float64Array(k * dim);
  const order = shuffledIndices(rows, random);
  for (let c = 0; c < k; c++) {
    for (let d = 0; d < dim; d++) centroids[c * dim + d] = data[order[c]! * dim + d]!;
  }
  return centroids;
}

function drawInProportion(weights: Float64Array, place: number): number {
  let left = place;
  let last = 0;
  for (let row = 0; row < weights.length; row++) {
    if (weights[row]! === 0) continue;
    last = row;
    left -= weights[row]!;
    if (left < 0) return row;
  }
  return last;
}
