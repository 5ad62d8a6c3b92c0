import type { Readable } from 'node:stream';

export interface LifetimeOptions {
  /** `window`: ends with the process at the other end of `parent`. `clients`: ends after the last client. */
  readonly owner: 'window' | 'clients';
  readonly parent: Readable;
  clients(): number;
  /** Whether a client was ever here: one may come and go between two looks. */
  hadClient(): boolean;
  /** Whether a job runs or waits for its turn: nobody has to watch for it to go on. */
  isBusy(): boolean;
  /** How long an engine without clients waits for the next one. */
  readonly lingerMs: number;
  /** How long a fresh engine waits for its first client. */
  readonly firstClientMs: number;
  end(why: string): void;
}

const CHECK_EVERY_MS = 100;
/** The window's own sockets may close a moment after its pipe. */
const PARENT_GRACE_MS = 500;

/** Decides when an engine ends. It never ends while somebody is connected or a job runs, unless it is told to. */
export class Lifetime {
  readonly #options: LifetimeOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #startedAt = performance.now();
  /** True once nobody owns this engine: then it lives as long as it is used. */
  #unowned: boolean;
  #idleSince: number | null = null;
  #parentGoneAt: number | null = null;

  constructor(options: LifetimeOptions) {
    this.#options = options;
    this.#unowned = options.owner === 'clients';
    this.#timer = setInterval(() => this.#check(), CHECK_EVERY_MS);
    if (options.owner === 'window') this.#watchParent();
    process.once('SIGTERM', () => options.end('SIGTERM'));
    process.once('SIGINT', () => options.end('SIGINT'));
  }

  /** Asked by a client: end as soon as it and the others have left and no job runs. @returns whether that is so by now */
  release(): boolean {
    this.#unowned = true;
    return this.#options.clients() <= 1 && !this.#options.isBusy();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The pipe closes when the parent ends, however it ends. */
  #watchParent(): void {
    const gone = (): void => {
      this.#parentGoneAt ??= performance.now();
    };
    for (const event of ['end', 'close', 'error']) this.#options.parent.once(event, gone);
    this.#options.parent.resume();
  }

  /** Without its window the engine ends, jobs or not, unless other clients are at work: they keep it. */
  #checkParent(clients: number): void {
    if (this.#parentGoneAt === null || this.#unowned) return;
    if (clients === 0) this.#options.end('the window is gone');
    else if (performance.now() - this.#parentGoneAt >= PARENT_GRACE_MS) {
      this.#unowned = true;
    }
  }

  #check(): void {
    const clients = this.#options.clients();
    this.#checkParent(clients);
    if (!this.#unowned || clients > 0 || this.#options.isBusy()) {
      this.#idleSince = null;
      return;
    }
    const now = performance.now();
    this.#idleSince ??= now;
    const { lingerMs, firstClientMs } = this.#options;
    if (this.#options.hadClient()) {
      if (now - this.#idleSince >= lingerMs) this.#options.end('the last client has left');
    } else if (now - this.#startedAt >= firstClientMs) this.#options.end('no client came');
  }
}
