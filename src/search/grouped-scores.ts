import * as tf from '@tensorflow/tfjs-core';
import type { VectorSpace } from '#learn/space/vector-space.ts';

/** Rows of a group. More make the search after the products shorter and the groups that are looked into longer. */
export const GROUP = 16;
/** Scores held at once, in values: 60 MB. */
const BLOCK_VALUES = 15 * 1024 * 1024;
const LARGEST_BLOCK_ROWS = 256;
const PROBE_ROWS = 16;
const UNIT_ROUNDOFF = 2 ** -24;
/** Below every score. */
const NEVER = -3e38;

/** Scores of a block of queries, on the backend. */
export interface GroupedBlock {
  /** [count, groups], the largest score of each group: of the rows from 16 g to 16 g + 15. */
  readonly maxima: Float32Array;
  /**
   * [rows], scores of one query: minus half a squared distance, up to a constant. All of the block are brought over when
   * one is first asked for.
   */
  scoresOf(query: number): Float32Array;
  dispose(): void;
}

/**
 * Scores of queries against all rows by one matrix product whose largest value of every group of rows is found where the
 * product lies: what is brought over is a sixteenth. Half of the squared length is one more column, so that the product
 * is the score. For backends that multiply in full float32.
 */
export class GroupedScores {
  readonly space: VectorSpace;
  readonly groups: number;
  readonly #paddedRows: number;
  readonly blockRows: number;
  readonly #matrix: tf.Tensor2D;

  private constructor(space: VectorSpace) {
    const { rows, dim } = space;
    this.space = space;
    this.groups = Math.ceil(rows / GROUP);
    this.#paddedRows = this.groups * GROUP;
    this.blockRows = Math.max(1, Math.min(LARGEST_BLOCK_ROWS, Math.floor(BLOCK_VALUES / this.#paddedRows)));
    const values = new Float32Array(this.#paddedRows * (dim + 1));
    for (let row = 0; row < this.#paddedRows; row++) {
      const at = this.#placeOf(row) * (dim + 1);
      if (row < rows) space.copyCoordinates(row, values, at);
      values[at + dim] = row < rows ? -space.halfSquares[row]! : NEVER;
    }
    this.#matrix = tf.tensor2d(values, [this.#paddedRows, dim + 1]);
  }

  /** @returns null where the backend's products are rougher than the bound, as a GPU's may be */
  static async open(space: VectorSpace): Promise<GroupedScores | null> {
    const grouped = new GroupedScores(space);
    if (await grouped.#isWithinBound()) return grouped;
    grouped.dispose();
    return null;
  }

  /** How far a score may be from the exact one (see `ScoreBlocks.errorOf`; the column of half squares is rounded too). */
  errorOf(queryLength: number): number {
    const other = this.space.largestLength;
    const ofProduct = (this.space.dim + 4) * (queryLength * other + (other * other) / 2);
    return 1.01 * UNIT_ROUNDOFF * (ofProduct + (queryLength + other) ** 2);
  }

  /** @param rows of `queries` */
  async block(queries: VectorSpace, rows: Int32Array): Promise<GroupedBlock> {
    const { dim } = this.space;
    const values = new Float32Array(rows.length * (dim + 1)).fill(1);
    rows.forEach((row, i) => queries.copyCoordinates(row, values, i * (dim + 1)));
    const product = tf.tidy(() =>
      tf.matMul(tf.tensor2d(values, [rows.length, dim + 1]), this.#matrix, false, true),
    );
    const largest = tf.tidy(() => tf.max(tf.reshape(product, [rows.length, GROUP, this.groups]), 1));
    const maxima = (await largest.data()) as Float32Array;
    largest.dispose();
    let scores: Float32Array | undefined;
    return {
      maxima,
      scoresOf: (query) => {
        scores ??= product.dataSync() as Float32Array;
        const at = query * this.#paddedRows;
        return Float32Array.from({ length: this.space.rows }, (_, row) => scores![at + this.#placeOf(row)]!);
      },
      dispose: () => product.dispose(),
    };
  }

  dispose(): void {
    this.#matrix.dispose();
  }

  /** Members of a group lie apart in the matrix, so that their maximum is one of whole vectors: the fast way round. */
  #placeOf(row: number): number {
    return (row % GROUP) * this.groups + Math.floor(row / GROUP);
  }

  /** Compares some scores with exact ones. */
  async #isWithinBound(): Promise<boolean> {
    const { space } = this;
    const { rows, dim } = space;
    const count = Math.min(PROBE_ROWS, this.blockRows, rows);
    const chosen = Int32Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));
    const block = await this.block(space, chosen);
    const scores = Array.from(chosen, (_, i) => block.scoresOf(i));
    block.dispose();
    const [a, b] = [new Float32Array(dim), new Float32Array(dim)];
    return chosen.every((query, i) =>
      chosen.every((row) => {
        space.copyCoordinates(query, a, 0);
        space.copyCoordinates(row, b, 0);
        const exact = a.reduce((sum, value, d) => sum + value * b[d]!, -space.halfSquares[row]!);
        return Math.abs(scores[i]![row]! - exact) <= this.errorOf(space.lengths[query]!);
      }),
    );
  }
}

/** The rows of the groups that may hold one of the k best, found by the k-th largest of the groups' maxima. */
export class GroupSelector {
  readonly #best: Float64Array;
  #found = new Int32Array(64);
  #limit = -Infinity;

  constructor(k: number) {
    this.#best = new Float64Array(k);
  }

  /** Under which score no row can be among the k best, of the groups found last. */
  get limit(): number {
    return this.#limit;
  }

  /** @returns groups, valid until the next call */
  groups(maxima: Float32Array, error: number): Int32Array {
    const best = this.#best;
    best.fill(-Infinity);
    const last = best.length - 1;
    // Sorted, the largest first: hardly any maximum gets in once the first few hundred have passed.
    let least = -Infinity;
    for (let group = 0; group < maxima.length; group++) {
      const score = maxima[group]!;
      if (score <= least) continue;
      let place = last;
      for (; place > 0 && best[place - 1]! < score; place--) best[place] = best[place - 1]!;
      best[place] = score;
      least = best[last]!;
    }
    const limit = least - 2 * error;
    this.#limit = limit;
    let count = 0;
    for (let group = 0; group < maxima.length; group++) {
      if (maxima[group]! < limit) continue;
      if (count === this.#found.length) this.#grow();
      this.#found[count++] = group;
    }
    return this.#found.subarray(0, count);
  }

  #grow(): void {
    const found = new Int32Array(2 * this.#found.length);
    found.set(this.#found);
    this.#found = found;
  }
}
