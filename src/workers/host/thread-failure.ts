import type { EventEmitter } from 'node:events';

/**
 * The error that ends a thread, for those who wait for the thread's work. Each wait listens for itself and stops
 * listening afterwards: `Promise.race` with one promise for the whole life of the thread would keep every wait.
 */
export class ThreadFailure {
  readonly #thread: EventEmitter;
  #error: { readonly reason: unknown } | null = null;

  /** @param thread a worker thread; from here on its error ends the waits, not the process */
  constructor(thread: EventEmitter) {
    this.#thread = thread;
    thread.once('error', (reason: unknown) => (this.#error = { reason }));
  }

  /** Waits for `ready`. @throws what ended the thread, before or meanwhile */
  orThrow<T>(ready: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#error !== null) return reject(this.#error.reason);
      this.#thread.once('error', reject);
      const stop = (): void => void this.#thread.off('error', reject);
      ready.then(resolve, reject).finally(stop);
    });
  }
}
