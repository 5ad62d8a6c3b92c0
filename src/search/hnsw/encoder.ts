import type { VectorSpace } from '#learn/space/vector-space.ts';
import type { Storage } from './graph.ts';

/** Numbers that turn vectors into what the graph holds; kept with it. */
export interface Encoding {
  readonly storage: Storage;
  /** Subtracted first; changes no distance. */
  readonly centre: readonly number[];
  /** Multiplied with then, so that the largest value fits the storage. */
  readonly scale: number;
  /** Largest length at the time of the build; for inner products only. */
  readonly radius: number;
}

const LARGEST_INT8 = 127;

/**
 * Vectors as the graph compares them, by squared Euclidean distance. An inner product becomes a distance by one more
 * dimension that brings every row to the same length and is 0 for queries (Bachrach et al., RecSys 2014); a row that is
 * longer than all were at the build gets 0 there, which costs recall and not correctness.
 */
export class Encoder {
  readonly encoding: Encoding;
  readonly dim: number;
  readonly #product: boolean;

  constructor(encoding: Encoding, space: VectorSpace) {
    this.encoding = encoding;
    this.#product = space.metric === 'inner-product';
    this.dim = space.dim + (this.#product ? 1 : 0);
  }

  static of(space: VectorSpace, storage: Storage): Encoder {
    const product = space.metric === 'inner-product';
    const largest = product ? space.largestLength : largestValue(space);
    const room = storage === 'int8' ? LARGEST_INT8 : 1;
    const scale = largest > 0 ? room / largest : 1;
    const encoding = { storage, centre: [...space.centre], scale, radius: product ? space.largestLength : 0 };
    return new Encoder(encoding, space);
  }

  /** @returns [rows.length, dim] */
  encode(space: VectorSpace, rows: Int32Array, asQueries: boolean): Float32Array | Int8Array {
    const { storage, centre, scale, radius } = this.encoding;
    const { data, dim } = space.table;
    const size = rows.length * this.dim;
    const values = storage === 'int8' ? new Int8Array(size) : new Float32Array(size);
    const put = (at: number, value: number): void => {
      values[at] = storage === 'int8' ? clamped(value) : value;
    };
    rows.forEach((row, i) => {
      const own = space.scaleOf(row);
      const at = i * this.dim;
      let square = 0;
      for (let d = 0; d < dim; d++) {
        const value = (data[row * dim + d]! * own - centre[d]!) * scale;
        square += value * value;
        put(at + d, value);
      }
      if (this.#product && !asQueries) put(at + dim, Math.sqrt(Math.max(0, (radius * scale) ** 2 - square)));
    });
    return values;
  }
}

const clamped = (value: number): number => Math.max(-LARGEST_INT8, Math.min(LARGEST_INT8, Math.round(value)));

function largestValue(space: VectorSpace): number {
  const { data, rows, dim } = space.table;
  const { centre } = space;
  let largest = 0;
  for (let row = 0, at = 0; row < rows; row++) {
    const own = space.scaleOf(row);
    for (let d = 0; d < dim; d++, at++) largest = Math.max(largest, Math.abs(data[at]! * own - centre[d]!));
  }
  return largest;
}
