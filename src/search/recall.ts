import { VectorSpace } from '#learn/space/vector-space.ts';
import { createRandom } from '#learn/random/counter-random.ts';
import { ExactIndex, collectNeighbors } from './exact.ts';
import { NearestList } from './nearest-list.ts';
import type { NeighborIndex, Recall } from './neighbor-index.ts';

export interface RecallOptions {
  /** Length of the lists that are compared; 10 where left out. */
  readonly at?: number;
  /** Rows that are asked for; 256 where left out. */
  readonly sample?: number;
  readonly seed?: number;
}

/** Rows that are compared at once, so that the measure takes little memory beside the index. */
const ROWS_AT_ONCE = 8192;

/** Asks an index for a random sample of its own rows and compares with the exact lists. Needs a tfjs backend. */
export async function measureRecall(index: NeighborIndex, options: RecallOptions = {}): Promise<Recall> {
  const { space } = index;
  const { at = 10, sample = 256, seed = 0 } = options;
  if (space.rows < 2) return { at: Math.min(at, 1), sample: 0, value: 1 };
  const rows = sampleOf(space.rows, sample, seed);
  const found = await collectNeighbors(index.search(space, at, { rows }));
  const exact = await exactLists(space, rows, found.k);
  let hits = 0;
  rows.forEach((_, i) => {
    const farthest = exact[i]!.keys[found.k - 1]!;
    const limit = space.valueOfKey(farthest);
    const nearer = space.metric === 'inner-product' ? (d: number) => d >= limit : (d: number) => d <= limit;
    for (let j = 0; j < found.k; j++) if (nearer(found.distances[i * found.k + j]!)) hits++;
  });
  return { at: found.k, sample: rows.length, value: hits / (rows.length * found.k) };
}

function sampleOf(rows: number, size: number, seed: number): Int32Array {
  const random = createRandom(seed);
  const chosen = new Set<number>();
  while (chosen.size < Math.min(size, rows)) chosen.add(random.below(rows));
  return Int32Array.from(chosen).sort();
}

/** Exact lists of some rows of a space, without these rows themselves, part by part. */
async function exactLists(space: VectorSpace, rows: Int32Array, k: number): Promise<NearestList[]> {
  const { dim, table, metric } = space;
  const part = (from: number, count: number): VectorSpace =>
    new VectorSpace(
      { data: table.data.subarray(from * dim, (from + count) * dim), rows: count, dim },
      metric,
      space,
    );
  const asked = table.data.slice(0, rows.length * dim);
  rows.forEach((row, i) => asked.set(table.data.subarray(row * dim, (row + 1) * dim), i * dim));
  const queries = new VectorSpace({ data: asked, rows: rows.length, dim }, metric, space);
  const lists = Array.from(rows, () => new NearestList(k));
  for (let from = 0; from < space.rows; from += ROWS_AT_ONCE) {
    const base = part(from, Math.min(ROWS_AT_ONCE, space.rows - from));
    const index = await ExactIndex.build(base);
    try {
      const found = await collectNeighbors(index.search(queries, k + 1));
      found.indices.forEach((row, at) => {
        const i = Math.floor(at / found.k);
        if (from + row !== rows[i]) lists[i]!.offer(from + row, queries.key(i, base, row));
      });
    } finally {
      index.dispose();
    }
  }
  return lists;
}
