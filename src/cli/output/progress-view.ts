import type { JobProgress } from '#shared/domain/job.ts';
import { progressLine } from './progress-line.ts';

export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const LINE_EVERY_MS = 4000;
const REDRAW_EVERY_MS = 100;
const CLEAR = '\r\u001b[2K';

/** Shows what a job does: a bar that redraws on a terminal, a line every few seconds and at each new phase elsewhere. */
export class ProgressView {
  readonly #stream: ProgressStream;
  readonly #quiet: boolean;
  readonly #now: () => number;
  #shownAt = -Infinity;
  #phase = '';
  #drawn = false;

  constructor(stream: ProgressStream, options: { readonly quiet: boolean; readonly now?: () => number }) {
    this.#stream = stream;
    this.#quiet = options.quiet;
    this.#now = options.now ?? (() => performance.now());
  }

  update(progress: JobProgress): void {
    if (this.#quiet) return;
    const now = this.#now();
    const terminal = this.#stream.isTTY === true;
    const samePhase = progress.phase === this.#phase;
    if (samePhase && now - this.#shownAt < (terminal ? REDRAW_EVERY_MS : LINE_EVERY_MS)) return;
    this.#shownAt = now;
    this.#phase = progress.phase;
    const line = progressLine(progress, { bar: terminal });
    if (terminal) {
      this.#stream.write(CLEAR + line.slice(0, (this.#stream.columns ?? 100) - 1));
      this.#drawn = true;
    } else this.#stream.write(`${line}\n`);
  }

  /** A sentence that stays, above the bar. */
  say(text: string): void {
    if (this.#quiet) return;
    this.#stream.write(`${this.#drawn ? CLEAR : ''}${text}\n`);
    this.#drawn = false;
  }

  end(): void {
    if (this.#drawn) this.#stream.write(CLEAR);
    this.#drawn = false;
    this.#phase = '';
  }
}
