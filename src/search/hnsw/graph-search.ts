import type { VectorSpace } from '#learn/space/vector-space.ts';
import type { RowFilter } from '../neighbor-filter.ts';
import { NearestList } from '../nearest-list.ts';
import type { Storage } from './graph.ts';
import type { HnswParts } from './hnsw-index.ts';

/** How many more than k the graph is asked for, so that what its storage rounds away is put right. */
const SPARE: Record<Storage, number> = { float32: 0, half: 0.2, int8: 1 };
/** Where so many proposals do not hold k rows that fit, all rows are looked at. */
const MOST_PROPOSALS = 4096;
const GROWTH = 4;

type Lists = { readonly indices: Int32Array; readonly distances: Float64Array };

/** One search: asks the graph for ever longer lists, for those queries whose rows the filter refused. */
export class GraphSearch {
  readonly #parts: HnswParts;
  readonly #queries: VectorSpace;
  readonly #k: number;
  readonly #filter: RowFilter;
  readonly #list: NearestList;

  constructor(parts: HnswParts, queries: VectorSpace, k: number, filter: RowFilter) {
    this.#parts = parts;
    this.#queries = queries;
    this.#k = k;
    this.#filter = filter;
    this.#list = new NearestList(k);
  }

  /** @param rows of the queries' space @returns [rows.length, k] */
  lists(rows: Int32Array): Lists {
    const { space, graph, settings } = this.#parts;
    const lists = {
      indices: new Int32Array(rows.length * this.#k),
      distances: new Float64Array(rows.length * this.#k),
    };
    let open: number[] = [];
    rows.forEach((query, i) => {
      const few = this.#filter.candidates(query);
      if (few === undefined) open.push(i);
      else this.#rank(query, few, lists, i);
    });
    const self = this.#queries === space ? 1 : 0;
    let wanted = this.#k + self + Math.ceil(this.#k * SPARE[settings.storage]);
    for (; open.length > 0 && wanted <= MOST_PROPOSALS; wanted *= GROWTH) {
      open = this.#propose(rows, open, Math.min(wanted, graph.size), lists);
      if (wanted >= graph.size) break;
    }
    const every =
      open.length > 0 ? Int32Array.from({ length: space.rows }, (_, row) => row) : new Int32Array();
    for (const i of open) this.#rank(rows[i]!, every, lists, i);
    return lists;
  }

  /** @returns those whose list is still short */
  #propose(rows: Int32Array, open: readonly number[], wanted: number, lists: Lists): number[] {
    if (wanted === 0) return [...open];
    const { graph, encoder } = this.#parts;
    const asked = Int32Array.from(open, (i) => rows[i]!);
    const found = graph.search(encoder.encode(this.#queries, asked, true), wanted);
    return open.filter((i, place) => {
      const from = place * wanted;
      const proposed = found.rows.subarray(from, from + found.counts[place]!);
      return !this.#rank(rows[i]!, proposed, lists, i);
    });
  }

  /** Orders the rows that fit by their exact keys. @returns whether the list is full */
  #rank(query: number, rows: Int32Array, { indices, distances }: Lists, i: number): boolean {
    const { space, removed } = this.#parts;
    const list = this.#list;
    const self = this.#queries === space ? query : -1;
    list.clear();
    for (const row of rows) {
      if (row === self || removed.has(row) || !this.#filter.accepts(query, row)) continue;
      list.offer(row, this.#queries.key(query, space, row));
    }
    list.write(indices, distances, i * this.#k, space);
    return list.count === this.#k;
  }
}
