/**
 * Eigenvalues of a symmetric matrix, in no order: Householder reflections to a tridiagonal matrix, then QL steps with
 * implicit shifts (Golub and Van Loan, "Matrix Computations", section 8.3). Values only: 4/3 n^3 operations.
 *
 * @param matrix [size, size], row-major; it is used up
 */
export function symmetricEigenvalues(matrix: Float64Array, size: number): Float64Array {
  const { diagonal, beside } = tridiagonal(matrix, size);
  for (let first = 0; first < size; first++) {
    for (let round = 0; ; round++) {
      const last = endOfBlock(diagonal, beside, first);
      if (last === first) break;
      if (round === 60) throw new Error('the eigenvalues did not settle: the matrix holds no finite numbers');
      qlStep(diagonal, beside, first, last);
    }
  }
  return diagonal;
}

/** `beside[i]` stands between rows i and i + 1. */
function tridiagonal(a: Float64Array, size: number): { diagonal: Float64Array; beside: Float64Array } {
  const diagonal = new Float64Array(size);
  const beside = new Float64Array(size);
  const [normal, product] = [new Float64Array(size), new Float64Array(size)];
  for (let k = size - 1; k >= 0; k--) {
    diagonal[k] = a[k * size + k] as number;
    if (k === 0) break;
    // Row k left of the diagonal is reflected on its last place; the block above it is updated from both sides.
    let squares = 0;
    for (let j = 0; j < k; j++) {
      normal[j] = a[k * size + j] as number;
      squares += (normal[j] as number) ** 2;
    }
    const end = normal[k - 1] as number;
    const length = end > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
    beside[k - 1] = length;
    normal[k - 1] = end - length;
    const half = squares - end * length; // |normal|^2 / 2
    if (half === 0) continue;
    let along = 0;
    for (let i = 0; i < k; i++) {
      let sum = 0;
      for (let j = 0; j < k; j++) sum += (a[i * size + j] as number) * (normal[j] as number);
      product[i] = sum / half;
      along += (product[i] as number) * (normal[i] as number);
    }
    for (let i = 0; i < k; i++)
      product[i] = (product[i] as number) - (along / (2 * half)) * (normal[i] as number);
    for (let i = 0; i < k; i++) {
      const [n, p] = [normal[i] as number, product[i] as number];
      for (let j = 0; j < k; j++) {
        a[i * size + j] =
          (a[i * size + j] as number) - n * (product[j] as number) - p * (normal[j] as number);
      }
    }
  }
  return { diagonal, beside };
}

function endOfBlock(diagonal: Float64Array, beside: Float64Array, first: number): number {
  let last = first;
  while (last < diagonal.length - 1) {
    const scale = Math.abs(diagonal[last] as number) + Math.abs(diagonal[last + 1] as number);
    if (Math.abs(beside[last] as number) <= Number.EPSILON * scale) break;
    last += 1;
  }
  return last;
}

/** One sweep of rotations from `last` up to `first`, shifted by the corner's eigenvalue. */
function qlStep(d: Float64Array, e: Float64Array, first: number, last: number): void {
  const gap = ((d[first + 1] as number) - (d[first] as number)) / (2 * (e[first] as number));
  const root = Math.hypot(gap, 1);
  let g =
    (d[last] as number) - (d[first] as number) + (e[first] as number) / (gap + (gap < 0 ? -root : root));
  let [sine, cosine, lift] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = sine * (e[i] as number);
    const b = cosine * (e[i] as number);
    const length = Math.hypot(f, g);
    e[i + 1] = length;
    if (length === 0) {
      d[i + 1] = (d[i + 1] as number) - lift;
      e[last] = 0;
      return;
    }
    sine = f / length;
    cosine = g / length;
    const above = (d[i + 1] as number) - lift;
    const turned = ((d[i] as number) - above) * sine + 2 * cosine * b;
    lift = sine * turned;
    d[i + 1] = above + lift;
    g = cosine * turned - b;
  }
  d[first] = (d[first] as number) - lift;
  e[first] = g;
  e[last] = 0;
}
