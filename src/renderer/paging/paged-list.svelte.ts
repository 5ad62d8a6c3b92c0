import type { Span } from './window.ts';

export interface Page<T> {
  readonly total: number;
  readonly rows: readonly T[];
}
export type LoadPage<T> = (offset: number, limit: number, signal: AbortSignal) => Promise<Page<T>>;

/**
 * A long list that is read page by page as it comes into view. A page is asked for once; `reload` asks again for what
 * was read and keeps showing the old rows until the new ones are there, so that nothing jumps.
 */
export class PagedList<T> {
  readonly pageSize: number;
  /** null until the first answer. */
  total: number | null = $state(null);
  error: unknown = $state.raw(null);
  readonly #load: LoadPage<T>;
  readonly #rows = new Map<number, T>();
  /** What was asked for, so that whoever needs a page that is on its way waits for it, too. */
  readonly #pages = new Map<number, Promise<void>>();
  #version = $state(0);
  #abort = new AbortController();

  constructor(load: LoadPage<T>, pageSize = 50) {
    this.#load = load;
    this.pageSize = pageSize;
  }

  /** The row at an index, or undefined while it is not here. */
  at(index: number): T | undefined {
    void this.#version;
    return this.#rows.get(index);
  }

  /** Reads the pages of a span that were not read yet. */
  async need(span: Span): Promise<void> {
    const first = Math.floor(span.from / this.pageSize);
    const last = Math.floor(Math.max(span.from, span.to - 1) / this.pageSize);
    const missing = [];
    for (let page = first; page <= last; page++) {
      if (this.total !== null && page * this.pageSize >= this.total) break;
      const asked = this.#pages.get(page) ?? this.#read(page);
      this.#pages.set(page, asked);
      missing.push(asked);
    }
    await Promise.all(missing);
  }

  /** Changes one row here only: for what is shown before the engine has confirmed it. */
  replace(index: number, row: T): void {
    this.#rows.set(index, row);
    this.#version++;
  }

  /** Reads again around a span; rows elsewhere are forgotten. */
  async reload(span: Span = { from: 0, to: this.pageSize }): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#pages.clear();
    this.total ??= null;
    await this.need(span);
  }

  /** The index of a row among those that were read, or -1. */
  indexOf(matches: (row: T) => boolean): number {
    for (const [index, row] of this.#rows) if (matches(row)) return index;
    return -1;
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(page: number): Promise<void> {
    const { signal } = this.#abort;
    const offset = page * this.pageSize;
    try {
      // Wrapped, so that a load that throws at once fails like one that rejects.
      const answer = await (async () => this.#load(offset, this.pageSize, signal))();
      if (signal.aborted) return;
      for (let row = 0; row < this.pageSize; row++) {
        const value = answer.rows[row];
        if (value === undefined) this.#rows.delete(offset + row);
        else this.#rows.set(offset + row, value);
      }
      this.total = answer.total;
      this.error = null;
      this.#version++;
    } catch (error) {
      if (signal.aborted) return;
      this.#pages.delete(page);
      this.error = error;
    }
  }
}
