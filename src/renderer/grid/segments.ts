/**
 * Rows of a long list, read in segments: each once, several places asking share one request, and what was scrolled past
 * before it arrived is cancelled. Keeps the segments used last.
 */
export interface SegmentSource<Row> {
  readonly count: number;
  load(offset: number, limit: number, signal: AbortSignal): Promise<readonly Row[]>;
}

export interface SegmentOptions {
  readonly size?: number;
  /** How many segments are kept. */
  readonly keep?: number;
  /** How many requests run at once. */
  readonly parallel?: number;
  readonly onLoaded?: () => void;
  readonly onError?: (cause: unknown) => void;
}

export class Segments<Row> {
  readonly #source: SegmentSource<Row>;
  readonly #size: number;
  readonly #keep: number;
  readonly #parallel: number;
  readonly #onLoaded: () => void;
  readonly #onError: (cause: unknown) => void;
  /** In order of use, the latest last. */
  readonly #loaded = new Map<number, readonly Row[]>();
  readonly #loading = new Map<number, AbortController>();
  #wanted: readonly number[] = [];
  #closed = false;

  constructor(source: SegmentSource<Row>, options: SegmentOptions = {}) {
    this.#source = source;
    this.#size = options.size ?? 200;
    this.#keep = options.keep ?? 60;
    this.#parallel = options.parallel ?? 3;
    this.#onLoaded = options.onLoaded ?? (() => undefined);
    this.#onError = options.onError ?? (() => undefined);
  }

  get count(): number {
    return this.#source.count;
  }

  /** The row, where it has been read. */
  row(index: number): Row | undefined {
    return this.#loaded.get(Math.floor(index / this.#size))?.[index % this.#size];
  }

  /** Says which rows are on show now: first <= index < end. Everything else under way is cancelled. */
  want(first: number, end: number): void {
    if (this.#closed) return;
    const wanted: number[] = [];
    const lastIndex = Math.min(end, this.count) - 1;
    for (
      let segment = Math.floor(first / this.#size);
      segment <= Math.floor(lastIndex / this.#size);
      segment += 1
    ) {
      const rows = this.#loaded.get(segment);
      if (rows === undefined) wanted.push(segment);
      else {
        this.#loaded.delete(segment);
        this.#loaded.set(segment, rows);
      }
    }
    for (const [segment, controller] of this.#loading) {
      if (!wanted.includes(segment)) {
        this.#loading.delete(segment);
        controller.abort();
      }
    }
    this.#wanted = wanted;
    this.#pump();
  }

  /** Reads the rows first <= index < end and resolves when all of them are there. */
  async ensure(first: number, end: number): Promise<void> {
    const from = Math.floor(first / this.#size);
    const to = Math.floor((Math.min(end, this.count) - 1) / this.#size);
    const missing: Promise<void>[] = [];
    for (let segment = from; segment <= to; segment += 1) {
      if (!this.#loaded.has(segment)) missing.push(this.#read(segment, new AbortController()));
    }
    await Promise.all(missing);
  }

  /** Cancels everything; a closed list stays readable. */
  close(): void {
    this.#closed = true;
    this.#wanted = [];
    for (const controller of this.#loading.values()) controller.abort();
    this.#loading.clear();
  }

  #pump(): void {
    for (const segment of this.#wanted) {
      if (this.#loading.size >= this.#parallel) return;
      if (this.#loading.has(segment) || this.#loaded.has(segment)) continue;
      const controller = new AbortController();
      this.#loading.set(segment, controller);
      this.#read(segment, controller).then(
        () => this.#settled(segment, controller),
        (cause: unknown) => {
          this.#settled(segment, controller);
          if (!controller.signal.aborted) this.#onError(cause);
        },
      );
    }
  }

  #settled(segment: number, controller: AbortController): void {
    if (this.#loading.get(segment) === controller) this.#loading.delete(segment);
    this.#wanted = this.#wanted.filter((wanted) => wanted !== segment);
    this.#pump();
  }

  async #read(segment: number, controller: AbortController): Promise<void> {
    const rows = await this.#source.load(segment * this.#size, this.#size, controller.signal);
    if (controller.signal.aborted) return;
    this.#loaded.set(segment, rows);
    for (const oldest of this.#loaded.keys()) {
      if (this.#loaded.size <= this.#keep) break;
      this.#loaded.delete(oldest);
    }
    this.#onLoaded();
  }
}
