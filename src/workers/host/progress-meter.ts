import type { JobProgress } from '#shared/domain/job.ts';
import type { ProgressReport } from './worker-context.ts';

const MIN_INTERVAL_MS = 100;

/**
 * Adds rate and time left to reports and drops those that come too fast. A phase's first and last report always pass.
 * The rate is that of the whole phase so far, so that the time left does not jump about.
 */
export class ProgressMeter {
  readonly #send: (progress: JobProgress) => void;
  readonly #nowMs: () => number;
  #phase: string | null = null;
  #startedMs = 0;
  #startedDone = 0;
  #sentMs = 0;

  constructor(send: (progress: JobProgress) => void, nowMs: () => number) {
    this.#send = send;
    this.#nowMs = nowMs;
  }

  report(report: ProgressReport): void {
    const now = this.#nowMs();
    const fresh = report.phase !== this.#phase;
    if (fresh) {
      this.#phase = report.phase;
      this.#startedMs = now;
      this.#startedDone = report.done;
    } else if (report.done !== report.total && now - this.#sentMs < MIN_INTERVAL_MS) {
      return;
    }
    this.#sentMs = now;
    const seconds = (now - this.#startedMs) / 1000;
    const moved = report.done - this.#startedDone;
    const perSecond = seconds > 0 && moved > 0 ? moved / seconds : null;
    const secondsLeft =
      perSecond === null || report.total === null
        ? null
        : Math.max(0, report.total - report.done) / perSecond;
    this.#send({ ...report, perSecond, secondsLeft });
  }
}
