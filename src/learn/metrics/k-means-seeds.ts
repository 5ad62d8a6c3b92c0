import type { Random } from '../random/counter-random.ts';
import { ScoreBlocks } from '../space/score-blocks.ts';
import type { VectorSpace } from '../space/vector-space.ts';

/** Proposals drawn at once, as a share of the centroids there are: later ones change few distances. */
const SHARE_PROPOSED = 1 / 4;
/** Up to so many centroids each is the best of several draws: few centroids depend much on each, and it costs little. */
const MOST_GREEDY = 64;

/**
 * k-means++: every next centroid is a point drawn in proportion to its squared distance to the nearest one so far (Arthur
 * and Vassilvitskii, SODA 2007). Up to 64 centroids it is the best of 2 + ln k such draws, as the authors advise. Above,
 * distances are matrix products of many proposals at once: proposals are drawn by the distances of before and one is
 * kept with the chance (distance now) / (distance before), which is rejection sampling and gives the distribution of
 * drawing one by one.
 *
 * @returns [k, dim]
 */
export async function seedPlusPlus(
  points: VectorSpace,
  k: number,
  random: Random,
  onBlock?: () => void | Promise<void>,
): Promise<Float64Array> {
  const { rows } = points;
  const blocks = await ScoreBlocks.open(points);
  const chosen = [random.below(rows)];
  const nearest = new Float64Array(rows).fill(Infinity);
  try {
    lower(nearest, await squaredDistances(points, blocks, Int32Array.from(chosen)));
    while (chosen.length < k) {
      const greedy = k <= MOST_GREEDY;
      const wanted = greedy ? 2 + Math.floor(Math.log(k)) : Math.ceil(chosen.length * SHARE_PROPOSED);
      const batch = drawInProportion(nearest, Math.min(blocks.blockRows, wanted), random);
      const distances = await squaredDistances(points, blocks, batch);
      if (greedy) acceptBest(chosen, batch, nearest, distances);
      else accept(chosen, k, batch, nearest, distances, random);
      await onBlock?.();
    }
  } finally {
    blocks.dispose();
  }
  return gather(points, chosen);
}

/** @returns [batch, rows]; distances within rounding of zero are zero */
async function squaredDistances(
  points: VectorSpace,
  blocks: ScoreBlocks,
  batch: Int32Array,
): Promise<Float32Array> {
  const { dim, rows, halfSquares, coordinates } = points;
  const queries = new Float32Array(batch.length * dim);
  batch.forEach((row, i) => queries.set(coordinates.subarray(row * dim, (row + 1) * dim), i * dim));
  const products = await blocks.products(queries, batch.length);
  batch.forEach((row, i) => {
    const own = halfSquares[row]!;
    const error = 4 * blocks.errorOf(points.lengths[row]!);
    for (let j = 0, at = i * rows; j < rows; j++, at++) {
      const square = 2 * (own + halfSquares[j]! - products[at]!);
      products[at] = square > error ? square : 0;
    }
  });
  return products;
}

/** Keeps the proposal that leaves the smallest sum of distances. */
function acceptBest(
  chosen: number[],
  batch: Int32Array,
  nearest: Float64Array,
  distances: Float32Array,
): void {
  const rows = nearest.length;
  const sums = Array.from(batch, (_, i) => {
    let sum = 0;
    for (let j = 0; j < rows; j++) sum += Math.min(nearest[j]!, distances[i * rows + j]!);
    return sum;
  });
  const best = sums.indexOf(Math.min(...sums));
  chosen.push(batch[best]!);
  lower(nearest, distances.subarray(best * rows, (best + 1) * rows));
}

/** Keeps proposals in their order, and lowers the distances to those that are kept. */
function accept(
  chosen: number[],
  k: number,
  batch: Int32Array,
  nearest: Float64Array,
  distances: Float32Array,
  random: Random,
): void {
  const rows = nearest.length;
  const kept: number[] = [];
  for (let i = 0; i < batch.length && chosen.length < k; i++) {
    const row = batch[i]!;
    const before = nearest[row]!;
    let now = before;
    for (const other of kept) now = Math.min(now, distances[other * rows + row]!);
    if (before > 0 && random.next() * before >= now) continue;
    chosen.push(row);
    kept.push(i);
  }
  for (const i of kept) lower(nearest, distances.subarray(i * rows, (i + 1) * rows));
}

function lower(nearest: Float64Array, distances: Float32Array): void {
  for (let j = 0; j < nearest.length; j++) if (distances[j]! < nearest[j]!) nearest[j] = distances[j]!;
}

/** Independent draws; any rows where all weights are zero. */
function drawInProportion(weights: Float64Array, count: number, random: Random): Int32Array {
  const sums = new Float64Array(weights.length);
  let total = 0;
  for (let row = 0; row < weights.length; row++) sums[row] = total += weights[row]!;
  return Int32Array.from({ length: count }, () =>
    total > 0 ? firstAbove(sums, random.next() * total) : random.below(weights.length),
  );
}

function firstAbove(sums: Float64Array, place: number): number {
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

function gather({ table, dim }: VectorSpace, rows: readonly number[]): Float64Array {
  const gathered = new Float64Array(rows.length * dim);
  rows.forEach((row, c) => {
    for (let d = 0; d < dim; d++) gathered[c * dim + d] = table.data[row * dim + d]!;
  });
  return gathered;
}
