import type { Catalog } from '#catalog/catalog.ts';

const ZERO = 48;
const COMMA = 44;

/**
 * The `id` column of a query, in its order. One text of all numbers crosses from SQLite instead of a million rows: about
 * five times as fast, and no object a row.
 */
export function readIds(catalog: Catalog, sql: string, ...params: unknown[]): Int32Array {
  const row = catalog
    .sql<{ n: number; ids: string | null }>(`SELECT count(*) AS n, group_concat(id) AS ids FROM (${sql})`)
    .get(...params)!;
  const ids = new Int32Array(row.n);
  const text = row.ids ?? '';
  let at = 0;
  let value = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === COMMA) {
      ids[at++] = value;
      value = 0;
    } else value = value * 10 + (code - ZERO);
  }
  if (row.n > 0) ids[at] = value;
  return ids;
}
