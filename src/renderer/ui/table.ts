/** A column of ui/Table.svelte. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  readonly align?: 'start' | 'end';
  readonly width?: string;
  /** The plain text of a cell where the table is given no `cell` snippet. */
  readonly text?: (row: Row) => string;
}
