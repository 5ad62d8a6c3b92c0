import type { ImportProblem } from '#shared/domain/dataset.ts';
import type { ImportedImage, ImportEvent } from '#shared/worker/import.ts';

const BATCH_ROWS = 64;
const UNCHANGED_ROWS = 1000;
/** An incomplete batch goes out after this long, so that the window shows images as they come. */
const MAX_WAIT_MS = 500;

/** Collects rows and sends them in batches. */
export class EventBatches {
  readonly counts = { images: 0, unchanged: 0, problems: 0 };
  readonly #emit: (event: ImportEvent) => void;
  readonly #nowMs: () => number;
  #images: ImportedImage[] = [];
  #problems: ImportProblem[] = [];
  #unchanged: string[] = [];
  #sentMs: number;

  constructor(emit: (event: ImportEvent) => void, nowMs: () => number = () => performance.now()) {
    this.#emit = emit;
    this.#nowMs = nowMs;
    this.#sentMs = nowMs();
  }

  image(row: ImportedImage): void {
    this.#images.push(row);
    this.counts.images++;
    this.#sendWhenDue(this.#images.length >= BATCH_ROWS);
  }

  problem(row: ImportProblem): void {
    this.#problems.push(row);
    this.counts.problems++;
    this.#sendWhenDue(this.#problems.length >= BATCH_ROWS);
  }

  unchanged(path: string): void {
    this.#unchanged.push(path);
    this.counts.unchanged++;
    this.#sendWhenDue(this.#unchanged.length >= UNCHANGED_ROWS);
  }

  /** Sends what is left. */
  flush(): void {
    if (this.#images.length > 0) this.#emit({ kind: 'images', rows: this.#images });
    if (this.#problems.length > 0) this.#emit({ kind: 'problems', rows: this.#problems });
    if (this.#unchanged.length > 0) this.#emit({ kind: 'unchanged', paths: this.#unchanged });
    this.#images = [];
    this.#problems = [];
    this.#unchanged = [];
    this.#sentMs = this.#nowMs();
  }

  #sendWhenDue(full: boolean): void {
    if (full || this.#nowMs() - this.#sentMs >= MAX_WAIT_MS) this.flush();
  }
}
