import { UserError } from '#shared/rpc/errors.ts';

/** `cosine` means Euclidean distance between the vectors scaled to unit length. */
export type Metric = 'cosine' | 'euclidean' | 'inner-product';

/** A matrix of vectors, row-major: `data[row * dim + column]`. */
export interface VectorTable {
  readonly data: Float32Array | Float64Array;
  readonly rows: number;
  readonly dim: number;
}

/** Above this the square of a vector's length may leave float32. */
const LARGEST_VALUE = 1e15;

/**
 * Vectors under a metric, twice: as they came, for exact distances in float64, and as float32 coordinates (scaled, and
 * moved so that their mean is 0, which changes no distance and keeps products small) for matrix products.
 */
export class VectorSpace {
  readonly table: VectorTable;
  readonly metric: Metric;
  readonly rows: number;
  readonly dim: number;
  /** [rows], half of the squared length of the coordinates; zeros for inner products. */
  readonly halfSquares: Float64Array;
  /** [rows], length of the coordinates. */
  readonly lengths: Float64Array;
  readonly largestLength: number;
  readonly #scale: Float64Array;
  readonly #centre: Float64Array;
  #coordinates: Float32Array | undefined;

  /**
   * @param centreOf take the centre of this space, so that the two can be compared
   * @throws UserError bad-input: not finite, zero length under `cosine`, too large, other dimension
   */
  constructor(table: VectorTable, metric: Metric, centreOf?: VectorSpace) {
    if (table.data.length !== table.rows * table.dim) {
      throw new RangeError(`${table.data.length} values do not make ${table.rows} rows of ${table.dim}`);
    }
    if (centreOf !== undefined && centreOf.dim !== table.dim) {
      throw new UserError(
        'bad-input',
        `The vectors have ${table.dim} dimensions and those to compare them with ${centreOf.dim}. Use vectors of the same model.`,
      );
    }
    this.table = table;
    this.metric = metric;
    this.rows = table.rows;
    this.dim = table.dim;
    this.#scale = scales(table, metric);
    this.#centre = centreOf?.centre ?? centreOfMass(table, metric, this.#scale);
    this.halfSquares = new Float64Array(table.rows);
    this.lengths = new Float64Array(table.rows);
    this.largestLength = this.#fill();
  }

  /** [rows, dim], float32, scaled and centred; made when first asked for, since not every search needs them all at once. */
  get coordinates(): Float32Array {
    if (this.#coordinates === undefined) {
      const all = new Float32Array(this.rows * this.dim);
      for (let row = 0; row < this.rows; row++) this.copyCoordinates(row, all, row * this.dim);
      this.#coordinates = all;
    }
    return this.#coordinates;
  }

  /** Writes the coordinates of one row into `target`, from place `at`. */
  copyCoordinates(row: number, target: Float32Array, at: number): void {
    const { dim } = this;
    const { data } = this.table;
    const centre = this.#centre;
    const scale = this.#scale[row]!;
    const from = row * dim;
    for (let d = 0; d < dim; d++) target[at + d] = data[from + d]! * scale - centre[d]!;
  }

  /** What was subtracted from every scaled vector. */
  get centre(): Float64Array {
    return this.#centre;
  }

  /**
   * What nearness is ordered by, in float64 from the vectors as they came: the squared distance, or minus the inner
   * product. Smaller is nearer.
   */
  key(row: number, other: VectorSpace, otherRow: number): number {
    const { dim } = this;
    const a = this.table.data;
    const b = other.table.data;
    const atA = row * dim;
    const atB = otherRow * dim;
    let sum = 0;
    if (this.metric === 'inner-product') {
      for (let d = 0; d < dim; d++) sum -= a[atA + d]! * b[atB + d]!;
      return sum;
    }
    const scaleA = this.#scale[row]!;
    const scaleB = other.#scale[otherRow]!;
    for (let d = 0; d < dim; d++) {
      const difference = a[atA + d]! * scaleA - b[atB + d]! * scaleB;
      sum += difference * difference;
    }
    return sum;
  }

  /** `key` where it is at most `limit`, else anything above `limit`: most rows are given up after a part of their values. */
  keyWithin(row: number, other: VectorSpace, otherRow: number, limit: number): number {
    if (this.metric === 'inner-product') return this.key(row, other, otherRow);
    const { dim } = this;
    const a = this.table.data;
    const b = other.table.data;
    const atA = row * dim;
    const atB = otherRow * dim;
    const scaleA = this.#scale[row]!;
    const scaleB = other.#scale[otherRow]!;
    let sum = 0;
    for (let from = 0; from < dim && sum <= limit; from += 16) {
      const to = Math.min(dim, from + 16);
      for (let d = from; d < to; d++) {
        const difference = a[atA + d]! * scaleA - b[atB + d]! * scaleB;
        sum += difference * difference;
      }
    }
    return sum;
  }

  /** The largest key of a row whose score (a product minus its half square) is at least `score`, up to an error. */
  keyLimit(row: number, score: number, error: number): number {
    if (this.metric === 'inner-product') return Infinity;
    return 2 * (this.halfSquares[row]! - score + 2 * error);
  }

  /** What a row's values are multiplied with: 1 / length under cosine, else 1. */
  scaleOf(row: number): number {
    return this.#scale[row]!;
  }

  /** A key as people read it: the distance, or the inner product. */
  valueOfKey(key: number): number {
    return this.metric === 'inner-product' ? -key : Math.sqrt(key);
  }

  /** Fills in what is known of every row. @returns the largest length */
  #fill(): number {
    const { rows, dim } = this;
    const coordinates = new Float32Array(dim);
    let largest = 0;
    for (let row = 0; row < rows; row++) {
      this.copyCoordinates(row, coordinates, 0);
      let square = 0;
      for (let d = 0; d < dim; d++) square += coordinates[d]! * coordinates[d]!;
      if (this.metric !== 'inner-product') this.halfSquares[row] = square / 2;
      this.lengths[row] = Math.sqrt(square);
      largest = Math.max(largest, this.lengths[row]!);
    }
    return largest;
  }
}

function scales({ data, rows, dim }: VectorTable, metric: Metric): Float64Array {
  const scale = new Float64Array(rows);
  for (let row = 0, at = 0; row < rows; row++) {
    let square = 0;
    for (let d = 0; d < dim; d++, at++) {
      const value = data[at]!;
      if (!(Math.abs(value) <= LARGEST_VALUE)) throw refusedValue(row, d, value);
      square += value * value;
    }
    if (metric === 'cosine' && !(square > 0)) {
      throw new UserError(
        'bad-input',
        `Row ${row} is a zero vector (rows counted from 0), which has no direction. Remove it, or compare by euclidean distance.`,
      );
    }
    scale[row] = metric === 'cosine' ? 1 / Math.sqrt(square) : 1;
  }
  return scale;
}

function refusedValue(row: number, column: number, value: number): UserError {
  const where = `Row ${row}, column ${column} (counted from 0)`;
  return new UserError(
    'bad-input',
    Number.isFinite(value)
      ? `${where} holds ${value}: values above ${LARGEST_VALUE} cannot be compared. Scale the vectors down.`
      : `${where} holds ${value}, which is not a number to compare. Remove the row or compute it again.`,
  );
}

function centreOfMass({ data, rows, dim }: VectorTable, metric: Metric, scale: Float64Array): Float64Array {
  const centre = new Float64Array(dim);
  if (metric === 'inner-product') return centre;
  for (let row = 0, at = 0; row < rows; row++) {
    const factor = scale[row]! / rows;
    for (let d = 0; d < dim; d++, at++) centre[d]! += data[at]! * factor;
  }
  return centre;
}
