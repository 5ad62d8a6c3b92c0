import { ClassMembers } from '#learn/miners/class-members.ts';

/** Which rows of an index a query may be answered with. Rules that are left out allow every row. */
export interface NeighborFilter {
  readonly classes?: {
    readonly rule: 'same' | 'other';
    /** [rows of the index] */
    readonly labels: Int32Array;
    /** [rows of the queries' space]; `labels` where the index is asked for its own rows. */
    readonly queryLabels: Int32Array;
  };
  /** [rows of the index], 1 where a row is never a neighbour. */
  readonly excluded?: Uint8Array;
}

/** A filter ready for many queries. */
export class RowFilter {
  readonly #filter: NeighborFilter;
  readonly #members: ClassMembers | undefined;

  /** @throws RangeError where a column has another length than the rows that it describes */
  constructor(filter: NeighborFilter, indexRows: number, queryRows: number) {
    const { classes, excluded } = filter;
    const fits = (column: ArrayLike<number> | undefined, rows: number): boolean =>
      column === undefined || column.length === rows;
    if (!fits(classes?.labels, indexRows) || !fits(classes?.queryLabels, queryRows))
      throw new RangeError('a filter needs one label for each row');
    if (!fits(excluded, indexRows)) throw new RangeError('a filter needs one mark for each row');
    this.#filter = filter;
    this.#members = classes?.rule === 'same' ? new ClassMembers(classes.labels) : undefined;
  }

  accepts(query: number, row: number): boolean {
    const { classes, excluded } = this.#filter;
    if (excluded?.[row] === 1) return false;
    if (classes === undefined) return true;
    return (classes.labels[row] === classes.queryLabels[query]) === (classes.rule === 'same');
  }

  /** The few rows that can be an answer, where the rule names them; undefined where it names most rows. */
  candidates(query: number): Int32Array | undefined {
    return this.#members?.of(this.#filter.classes!.queryLabels[query]!);
  }
}
