import { backUp, isBackupDue, sizeOf } from '#catalog/backup.ts';
import type { ServiceContext } from './service-context.ts';

export interface IdleBackupTimes {
  readonly checkEveryMs: number;
  /** How long no job may have run before the copy begins. */
  readonly idleMs: number;
}

/** Copied in well under a second. */
const COPIED_AT_END_BELOW_BYTES = 16 * 1024 * 1024;

const TIMES: IdleBackupTimes = { checkEveryMs: 30_000, idleMs: 120_000 };

/** Keeps a copy of the catalogue that is at most a day old, made while no job runs: opening never waits for it. */
export class IdleBackup {
  readonly #context: ServiceContext;
  readonly #timer: NodeJS.Timeout;
  readonly #idleMs: number;
  #idleSince = performance.now();
  #running: Promise<void> | null = null;

  constructor(context: ServiceContext, { checkEveryMs, idleMs } = TIMES) {
    this.#context = context;
    this.#idleMs = idleMs;
    this.#timer = setInterval(() => this.#check(), checkEveryMs).unref();
  }

  /** Ends the looks. Engines of single commands are never idle for long: a small catalogue is copied as they end. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const { catalog } = this.#context;
    // The copy of a large one ends with the connection; the older copy stays.
    if (!catalog.db.open || sizeOf(catalog) >= COPIED_AT_END_BELOW_BYTES) return;
    this.#start();
    await this.#running;
  }

  #check(): void {
    const { queue, catalog } = this.#context;
    if (!catalog.db.open) return;
    if (queue.isBusy) this.#idleSince = performance.now();
    if (performance.now() - this.#idleSince >= this.#idleMs) this.#start();
  }

  #start(): void {
    const { catalog, log } = this.#context;
    if (this.#running !== null || !isBackupDue(catalog, Date.now())) return;
    this.#running = backUp(catalog)
      .catch((err: unknown) => log.warn({ err }, 'the copy of the catalogue was not made'))
      .finally(() => {
        this.#running = null;
        this.#idleSince = performance.now();
      });
  }
}
