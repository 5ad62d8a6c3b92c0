import type { VectorSpace } from '#learn/space/vector-space.ts';

/** The k nearest of the rows that were offered: smallest key first, equal keys by row. */
export class NearestList {
  readonly rows: Int32Array;
  readonly keys: Float64Array;
  #count = 0;

  constructor(k: number) {
    this.rows = new Int32Array(k);
    this.keys = new Float64Array(k);
  }

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
  }

  offer(row: number, key: number): void {
    const { rows, keys } = this;
    if (this.#count === rows.length) {
      const last = this.#count - 1;
      if (last < 0 || key > keys[last]! || (key === keys[last]! && row > rows[last]!)) return;
      this.#count--;
    }
    let place = this.#count++;
    for (; place > 0; place--) {
      const before = keys[place - 1]!;
      if (before < key || (before === key && rows[place - 1]! < row)) break;
      keys[place] = before;
      rows[place] = rows[place - 1]!;
    }
    keys[place] = key;
    rows[place] = row;
  }

  /** Writes the list at a place of the columns of a block; places without a neighbour get -1 and NaN. */
  write(indices: Int32Array, distances: Float64Array, at: number, space: VectorSpace): void {
    for (let j = 0; j < this.rows.length; j++) {
      const found = j < this.#count;
      indices[at + j] = found ? this.rows[j]! : -1;
      distances[at + j] = found ? space.valueOfKey(this.keys[j]!) : Number.NaN;
    }
  }
}
