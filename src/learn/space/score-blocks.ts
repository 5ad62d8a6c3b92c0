import * as tf from '@tensorflow/tfjs-core';
import type { VectorSpace } from './vector-space.ts';

/** Scores held at once, in values: 20 MB. Larger blocks are slower: the system hands out their memory afresh each time. */
const BLOCK_VALUES = 5 * 1024 * 1024;
const LARGEST_BLOCK_ROWS = 1024;
/** Half of the gap between 1 and the next float32. */
const UNIT_ROUNDOFF = 2 ** -24;
const PROBE_ROWS = 48;

/**
 * Scores of query rows against all rows of a space, computed as blocked matrix products on the active tfjs backend. With
 * `score = products[j] - space.halfSquares[j]` the larger score is the nearer row, up to `errorOf(query)`; whoever needs
 * the exact order recomputes the few candidates with `VectorSpace.key`.
 */
export class ScoreBlocks {
  readonly space: VectorSpace;
  /** How many queries `products` may be asked for at once. */
  readonly blockRows: number;
  readonly #matrix: tf.Tensor2D;
  #roundoff = UNIT_ROUNDOFF;

  private constructor(space: VectorSpace) {
    this.space = space;
    this.blockRows = Math.max(1, Math.min(LARGEST_BLOCK_ROWS, Math.floor(BLOCK_VALUES / space.rows)));
    this.#matrix = tf.tensor2d(space.coordinates, [space.rows, space.dim]);
  }

  /** Puts the space on the backend and measures how exact the backend's products are. */
  static async open(space: VectorSpace): Promise<ScoreBlocks> {
    const blocks = new ScoreBlocks(space);
    await blocks.#probe();
    return blocks;
  }

  /**
   * Inner products of coordinates. @param coordinates [count, dim], from a space with the same centre
   * @param from first row of the space to multiply with
   * @returns [count, rows - from]; the caller may write into it
   */
  async products(coordinates: Float32Array, count: number, from = 0): Promise<Float32Array> {
    const product = tf.tidy(() => {
      const queries = tf.tensor2d(coordinates, [count, this.space.dim]);
      const matrix = from === 0 ? this.#matrix : tf.slice2d(this.#matrix, [from, 0], [-1, -1]);
      return tf.matMul(queries, matrix, false, true);
    });
    const values = (await product.data()) as Float32Array;
    product.dispose();
    return values;
  }

  /**
   * How far a score may be from the exact one, for a query of that length: rounding of the coordinates to float32 plus
   * rounding inside a product of `dim` terms (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1).
   */
  errorOf(queryLength: number): number {
    const other = this.space.largestLength;
    const ofProduct = (this.space.dim + 2) * queryLength * other;
    const ofCoordinates = (queryLength + other) ** 2;
    return 1.01 * this.#roundoff * (ofProduct + ofCoordinates);
  }

  dispose(): void {
    this.#matrix.dispose();
  }

  /** A GPU may multiply with 10 bits of mantissa: compares some products with exact ones and widens the bound to fit. */
  async #probe(): Promise<void> {
    const { space } = this;
    const count = Math.min(PROBE_ROWS, space.rows, this.blockRows);
    const chosen = Array.from({ length: count }, (_, i) => Math.floor((i * space.rows) / count));
    const queries = new Float32Array(count * space.dim);
    chosen.forEach((row, i) => queries.set(rowOf(space, row), i * space.dim));
    const products = await this.products(queries, count);
    let worst = 0;
    for (let i = 0; i < count; i++) {
      const a = rowOf(space, chosen[i]!);
      for (const row of chosen) {
        const b = rowOf(space, row);
        let exact = 0;
        for (let d = 0; d < space.dim; d++) exact += a[d]! * b[d]!;
        const bound = space.lengths[chosen[i]!]! * space.lengths[row]!;
        if (bound > 0) worst = Math.max(worst, Math.abs(products[i * space.rows + row]! - exact) / bound);
      }
    }
    this.#roundoff = Math.max(UNIT_ROUNDOFF, (8 * worst) / (space.dim + 2));
  }
}

function rowOf(space: VectorSpace, row: number): Float32Array {
  return space.coordinates.subarray(row * space.dim, (row + 1) * space.dim);
}
