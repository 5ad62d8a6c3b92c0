import type { Metric, VectorTable } from '#learn/space/vector-space.ts';

export function table(rows: readonly (readonly number[])[]): VectorTable {
  return { data: Float32Array.from(rows.flat()), rows: rows.length, dim: rows[0]!.length };
}

/** The definition of nearest neighbours, word for word. */
export function bruteForce(
  queries: VectorTable,
  base: VectorTable,
  k: number,
  metric: Metric,
  self: boolean,
): number[][] {
  const rowOf = ({ data, dim }: VectorTable, row: number): number[] => {
    const values = Array.from(data.subarray(row * dim, (row + 1) * dim));
    if (metric !== 'cosine') return values;
    const scale = 1 / Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    return values.map((value) => value * scale);
  };
  const others = Array.from({ length: base.rows }, (_, j) => rowOf(base, j));
  return Array.from({ length: queries.rows }, (_, i) => {
    const query = rowOf(queries, i);
    return others
      .map((other, j) => {
        const key =
          metric === 'inner-product'
            ? query.reduce((sum, value, d) => sum - value * other[d]!, 0)
            : query.reduce((sum, value, d) => sum + (value - other[d]!) ** 2, 0);
        return { j, key };
      })
      .filter(({ j }) => !self || j !== i)
      .sort((a, b) => a.key - b.key || a.j - b.j)
      .slice(0, k)
      .map(({ j }) => j);
  });
}
