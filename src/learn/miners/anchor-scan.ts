import type { VectorSpace } from '../space/vector-space.ts';

/** Everything that the mining rules want to know of one anchor. Rows are -1 where there is none. */
export interface AnchorFinding {
  readonly positive: number;
  readonly positiveKey: number;
  /** Nearest negative that is farther away than the positive. */
  readonly beyond: number;
  readonly beyondKey: number;
  /** Nearest negative at all. */
  readonly nearest: number;
  readonly nearestKey: number;
  /** Negatives that stand before the positive in the list of neighbours (equal distances: by row). */
  readonly negativesBeforePositive: number;
  /** Negatives that are not farther away than the positive. */
  readonly negativesNotBeyond: number;
}

const NONE = { row: -1, key: Infinity };

/**
 * One pass over an anchor's row of scores, exact: a score decides only where it is clear of the threshold by more than its
 * error; what is nearer to it than that is decided by the float64 keys.
 */
export class AnchorScan {
  readonly #space: VectorSpace;
  #doubtful: number[] = [];

  constructor(space: VectorSpace) {
    this.#space = space;
  }

  /**
   * @param products [rows], the anchor's row of `ScoreBlocks.products`; overwritten
   * @param members all rows of the anchor's class, the anchor among them
   */
  scan(anchor: number, products: Float32Array, members: Int32Array, error: number): AnchorFinding {
    const space = this.#space;
    const half = space.halfSquares;
    const positive = this.#best(anchor, this.#nearMembers(anchor, products, members, error));
    for (const member of members) products[member] = -Infinity;
    // A score s means the squared distance |anchor|^2 - 2 s.
    const limit = positive.row < 0 ? Infinity : space.halfSquares[anchor]! - positive.key / 2;
    const sureNearer = limit + error;
    const sureFarther = positive.row < 0 ? Infinity : limit - error;
    const near = new Running(2 * error);
    const far = new Running(2 * error);
    this.#doubtful = [];
    let notBeyond = 0;
    for (let j = 0; j < products.length; j++) {
      const score = products[j]! - half[j]!;
      if (score < sureFarther) {
        if (score >= far.threshold) far.offer(j, score);
      } else if (score > sureNearer) {
        notBeyond++;
        if (score >= near.threshold) near.offer(j, score);
      } else if (score > -Infinity) {
        this.#doubtful.push(j);
      }
    }
    let before = notBeyond;
    const undecided: number[] = [];
    for (const j of this.#doubtful) {
      const key = space.key(anchor, space, j);
      if (key > positive.key) undecided.push(j);
      else {
        notBeyond++;
        if (key < positive.key || j < positive.row) before++;
      }
    }
    const farthest = this.#best(anchor, [...far.rows(), ...undecided]);
    const nearest = this.#best(anchor, [...near.rows(), ...this.#doubtful, ...far.rows()]);
    return {
      positive: positive.row,
      positiveKey: positive.key,
      beyond: positive.row < 0 ? -1 : farthest.row,
      beyondKey: farthest.key,
      nearest: nearest.row,
      nearestKey: nearest.key,
      negativesBeforePositive: before,
      negativesNotBeyond: notBeyond,
    };
  }

  /** Members of the class that stand before (key, row) in the anchor's list of neighbours. */
  membersBefore(anchor: number, members: Int32Array, key: number, row: number): number {
    let before = 0;
    for (const member of members) {
      if (member === anchor) continue;
      const own = this.#space.key(anchor, this.#space, member);
      if (own < key || (own === key && member < row)) before++;
    }
    return before;
  }

  #nearMembers(anchor: number, products: Float32Array, members: Int32Array, error: number): number[] {
    const nearest = new Running(2 * error);
    for (const member of members) {
      if (member === anchor) continue;
      const score = products[member]! - this.#space.halfSquares[member]!;
      if (score >= nearest.threshold) nearest.offer(member, score);
    }
    return nearest.rows();
  }

  #best(anchor: number, rows: readonly number[]): { readonly row: number; readonly key: number } {
    let best = NONE;
    for (const row of rows) {
      const key = this.#space.key(anchor, this.#space, row);
      if (key < best.key || (key === best.key && row < best.row)) best = { row, key };
    }
    return best;
  }
}

/** Rows whose score is within a slack of the largest seen so far. */
class Running {
  threshold = -Number.MAX_VALUE;
  readonly #slack: number;
  #rows: number[] = [];
  #scores: number[] = [];

  constructor(slack: number) {
    this.#slack = slack;
  }

  offer(row: number, score: number): void {
    if (score - this.#slack > this.threshold) {
      this.threshold = score - this.#slack;
      if (this.#rows.length > 64) this.#compact();
    }
    this.#rows.push(row);
    this.#scores.push(score);
  }

  rows(): number[] {
    this.#compact();
    return this.#rows;
  }

  #compact(): void {
    const kept: number[] = [];
    const scores: number[] = [];
    for (let i = 0; i < this.#rows.length; i++) {
      if (this.#scores[i]! < this.threshold) continue;
      kept.push(this.#rows[i]!);
      scores.push(this.#scores[i]!);
    }
    this.#rows = kept;
    this.#scores = scores;
  }
}
