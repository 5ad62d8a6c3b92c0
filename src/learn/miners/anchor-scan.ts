import type { VectorSpace } from '../space/vector-space.ts';

/** A row at the squared distance `key` from the anchor. */
export interface Candidate {
  readonly row: number;
  readonly key: number;
}

/** Everything that the mining rules want to know of one anchor. Rows are -1 where there is none. */
export interface AnchorFinding {
  readonly positive: number;
  readonly positiveKey: number;
  /** The nearest negatives that are farther away than the positive, nearest first; none where there is no positive. */
  readonly beyond: readonly Candidate[];
  /** The nearest negatives at all, nearest first. */
  readonly nearest: readonly Candidate[];
  /** Negatives that stand before the positive in the list of neighbours (equal distances: by row). */
  readonly negativesBeforePositive: number;
  /** Negatives that are not farther away than the positive. */
  readonly negativesNotBeyond: number;
}

/** Rows that are passed over together where none of them matters. */
const GROUP = 8;
const NONE: Candidate = { row: -1, key: Infinity };

/**
 * One pass over an anchor's row of scores, exact: a score decides only where it is clear of the threshold by more than its
 * error; what is nearer to it than that is decided by the float64 keys.
 */
export class AnchorScan {
  readonly #space: VectorSpace;
  readonly #count: number;
  /** The smallest half square of every group of rows. */
  readonly #groupHalf: Float64Array;
  #doubtful: number[] = [];

  /** @param count how many negatives of each kind are wanted */
  constructor(space: VectorSpace, count: number) {
    this.#space = space;
    this.#count = count;
    this.#groupHalf = new Float64Array(Math.ceil(space.rows / GROUP)).fill(Infinity);
    space.halfSquares.forEach((half, row) => {
      const group = Math.floor(row / GROUP);
      if (half < this.#groupHalf[group]!) this.#groupHalf[group] = half;
    });
  }

  /**
   * @param products [rows], the anchor's row of `ScoreBlocks.products`; overwritten
   * @param members all rows of the anchor's class, the anchor among them
   */
  scan(anchor: number, products: Float32Array, members: Int32Array, error: number): AnchorFinding {
    const space = this.#space;
    const half = space.halfSquares;
    const [positive = NONE] = this.#first(anchor, this.#nearMembers(anchor, products, members, error), 1);
    for (const member of members) products[member] = -Infinity;
    // A score s means the squared distance |anchor|^2 - 2 s.
    const limit = positive.row < 0 ? Infinity : space.halfSquares[anchor]! - positive.key / 2;
    const sureNearer = limit + error;
    const sureFarther = positive.row < 0 ? Infinity : limit - error;
    const near = new Running(2 * error, this.#count);
    const far = new Running(2 * error, this.#count);
    this.#doubtful = [];
    let notBeyond = 0;
    const whole = products.length - (products.length % GROUP);
    for (let from = 0, group = 0; from < products.length; from += GROUP, group++) {
      // Written out: hardly a row is as near as the nearest so far, and this loop is what mining spends its time in.
      const least = far.threshold + this.#groupHalf[group]!;
      if (
        from < whole &&
        products[from]! < least &&
        products[from + 1]! < least &&
        products[from + 2]! < least &&
        products[from + 3]! < least &&
        products[from + 4]! < least &&
        products[from + 5]! < least &&
        products[from + 6]! < least &&
        products[from + 7]! < least
      )
        continue;
      const to = Math.min(from + GROUP, products.length);
      for (let j = from; j < to; j++) {
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
    const farRows = far.rows();
    const beyond = positive.row < 0 ? [] : this.#first(anchor, [...farRows, ...undecided], this.#count);
    const nearest = this.#first(anchor, [...near.rows(), ...this.#doubtful, ...farRows], this.#count);
    return {
      positive: positive.row,
      positiveKey: positive.key,
      beyond,
      nearest,
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
    const nearest = new Running(2 * error, 1);
    for (const member of members) {
      if (member === anchor) continue;
      const score = products[member]! - this.#space.halfSquares[member]!;
      if (score >= nearest.threshold) nearest.offer(member, score);
    }
    return nearest.rows();
  }

  /** The nearest `count` of the rows, equal ones by row. */
  #first(anchor: number, rows: readonly number[], count: number): Candidate[] {
    const first: Candidate[] = [];
    for (const row of rows) {
      const key = this.#space.key(anchor, this.#space, row);
      let place = first.length;
      while (place > 0 && isBefore(key, row, first[place - 1]!)) place--;
      if (place === count) continue;
      first.splice(place, 0, { row, key });
      if (first.length > count) first.pop();
    }
    return first;
  }
}

const isBefore = (key: number, row: number, other: Candidate): boolean =>
  key < other.key || (key === other.key && row < other.row);

/** Rows whose score is within a slack of the largest seen so far, or of the largest but some. */
class Running {
  threshold = -Number.MAX_VALUE;
  readonly #slack: number;
  readonly #count: number;
  #limit: number;
  #rows: number[] = [];
  #scores: number[] = [];

  /** @param count rows are kept that may be among so many with the largest scores */
  constructor(slack: number, count: number) {
    this.#slack = slack;
    this.#count = count;
    this.#limit = 64 + 4 * count;
  }

  offer(row: number, score: number): void {
    if (this.#count === 1) this.threshold = Math.max(this.threshold, score - this.#slack);
    if (this.#rows.length > this.#limit) this.#compact();
    this.#rows.push(row);
    this.#scores.push(score);
  }

  rows(): number[] {
    this.#compact();
    return this.#rows;
  }

  #compact(): void {
    if (this.#count > 1 && this.#scores.length >= this.#count) {
      const last = [...this.#scores].sort((a, b) => b - a)[this.#count - 1]!;
      this.threshold = Math.max(this.threshold, last - this.#slack);
    }
    const kept: number[] = [];
    const scores: number[] = [];
    for (let i = 0; i < this.#rows.length; i++) {
      if (this.#scores[i]! < this.threshold) continue;
      kept.push(this.#rows[i]!);
      scores.push(this.#scores[i]!);
    }
    this.#rows = kept;
    this.#scores = scores;
    // Many equal ones all stay: looking through them again is worth while only once there are as many more.
    this.#limit = Math.max(this.#limit, 2 * kept.length);
  }
}
