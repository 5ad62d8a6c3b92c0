import type { VectorSpace } from './vector-space.ts';

/** Rows that are passed over together where none of them can be among the nearest. */
const GROUP = 8;

/**
 * Picks the k nearest of one row of scores, exactly: every row whose score may belong to the k best within the error of
 * the scores is kept; whoever asks orders the kept ones by their float64 keys and, where those are equal, by index.
 * One instance serves many rows and keeps its buffers.
 */
export class NearestSelector {
  readonly #half: Float64Array;
  /** The smallest half square of every group. */
  readonly #groupHalf: Float64Array;
  /** The k largest scores so far, the smallest of them first (a binary heap). */
  readonly #best: Float64Array;
  #indices: Int32Array;
  #scores: Float64Array;
  #count = 0;
  #limit = -Infinity;

  constructor(k: number, space: VectorSpace) {
    const capacity = Math.max(64, 4 * k);
    this.#half = space.halfSquares;
    this.#groupHalf = new Float64Array(Math.ceil(space.rows / GROUP)).fill(Infinity);
    space.halfSquares.forEach((half, row) => {
      const group = Math.floor(row / GROUP);
      if (half < this.#groupHalf[group]!) this.#groupHalf[group] = half;
    });
    this.#best = new Float64Array(k);
    this.#indices = new Int32Array(capacity);
    this.#scores = new Float64Array(capacity);
  }

  /**
   * @param products one row of `ScoreBlocks.products`, of length `space.rows`
   * @param self a row to leave out, or -1
   * @param error see `ScoreBlocks.errorOf`
   * @returns at least k candidates (or all there are), in no order; valid until the next call
   */
  candidates(products: Float32Array, self: number, error: number): Int32Array {
    this.#best.fill(-Infinity);
    this.#count = 0;
    this.#limit = -Infinity;
    const whole = products.length - (products.length % GROUP);
    let limit = this.#limit;
    let j = 0;
    // Written out, because this loop is what a search of many rows spends its time in: four times as fast.
    for (let group = 0; j < whole; j += GROUP, group++) {
      const least = limit + this.#groupHalf[group]!;
      if (
        products[j]! < least &&
        products[j + 1]! < least &&
        products[j + 2]! < least &&
        products[j + 3]! < least &&
        products[j + 4]! < least &&
        products[j + 5]! < least &&
        products[j + 6]! < least &&
        products[j + 7]! < least
      )
        continue;
      limit = this.#offer(products, j, j + GROUP, self, error);
    }
    this.#offer(products, j, products.length, self, error);
    if (this.#count > this.#best.length) this.#compact();
    return this.#indices.subarray(0, this.#count);
  }

  /** Keeps what may be among the k best of rows `from` to `to`. @returns below which score none can be */
  #offer(products: Float32Array, from: number, to: number, self: number, error: number): number {
    const best = this.#best;
    for (let j = from; j < to; j++) {
      const score = products[j]! - this.#half[j]!;
      if (score < this.#limit || j === self) continue;
      if (score > best[0]!) {
        replaceSmallest(best, score);
        this.#limit = best[0]! - 2 * error;
      }
      if (this.#count === this.#indices.length) {
        this.#compact();
        if (this.#count > this.#indices.length / 2) this.#grow();
      }
      this.#indices[this.#count] = j;
      this.#scores[this.#count] = score;
      this.#count++;
    }
    return this.#limit;
  }

  #compact(): void {
    let kept = 0;
    for (let i = 0; i < this.#count; i++) {
      if (this.#scores[i]! < this.#limit) continue;
      this.#indices[kept] = this.#indices[i]!;
      this.#scores[kept] = this.#scores[i]!;
      kept++;
    }
    this.#count = kept;
  }

  #grow(): void {
    const indices = new Int32Array(2 * this.#indices.length);
    const scores = new Float64Array(2 * this.#scores.length);
    indices.set(this.#indices);
    scores.set(this.#scores);
    this.#indices = indices;
    this.#scores = scores;
  }
}

function replaceSmallest(heap: Float64Array, value: number): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
    if (heap[child]! >= value) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = value;
}
