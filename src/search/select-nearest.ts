import type { VectorSpace } from '#learn/space/vector-space.ts';

/**
 * Picks the k nearest of one row of scores, exactly: every row whose score may belong to the k best within the error of
 * the scores is kept, and the kept ones are ordered by their float64 keys and, where those are equal, by index.
 * One instance serves many rows and keeps its buffers.
 */
export class NearestSelector {
  readonly #k: number;
  #indices: Int32Array;
  #scores: Float64Array;
  #sorted: Float64Array;

  constructor(k: number) {
    this.#k = k;
    const capacity = Math.max(64, 4 * k);
    this.#indices = new Int32Array(capacity);
    this.#scores = new Float64Array(capacity);
    this.#sorted = new Float64Array(capacity);
  }

  /**
   * @param products one row of `ScoreBlocks.products`, of length `space.rows`
   * @param self a row to leave out, or -1
   * @param error see `ScoreBlocks.errorOf`
   * @returns at least k candidates (or all there are), in no order; valid until the next call
   */
  candidates(products: Float32Array, space: VectorSpace, self: number, error: number): Int32Array {
    const half = space.halfSquares;
    let count = 0;
    let threshold = -Infinity;
    for (let j = 0; j < products.length; j++) {
      const score = products[j]! - half[j]!;
      if (score < threshold || j === self) continue;
      if (count === this.#indices.length) {
        threshold = this.#kthLargest(count) - 2 * error;
        count = this.#compact(count, threshold);
        if (count > this.#indices.length / 2) this.#grow();
        if (score < threshold) continue;
      }
      this.#indices[count] = j;
      this.#scores[count] = score;
      count++;
    }
    if (count > this.#k) count = this.#compact(count, this.#kthLargest(count) - 2 * error);
    return this.#indices.subarray(0, count);
  }

  #kthLargest(count: number): number {
    const sorted = this.#sorted.subarray(0, count);
    sorted.set(this.#scores.subarray(0, count));
    sorted.sort();
    return sorted[count - this.#k]!;
  }

  #compact(count: number, threshold: number): number {
    let kept = 0;
    for (let i = 0; i < count; i++) {
      if (this.#scores[i]! < threshold) continue;
      this.#indices[kept] = this.#indices[i]!;
      this.#scores[kept] = this.#scores[i]!;
      kept++;
    }
    return kept;
  }

  #grow(): void {
    const indices = new Int32Array(2 * this.#indices.length);
    const scores = new Float64Array(2 * this.#scores.length);
    indices.set(this.#indices);
    scores.set(this.#scores);
    this.#indices = indices;
    this.#scores = scores;
    this.#sorted = new Float64Array(scores.length);
  }
}
