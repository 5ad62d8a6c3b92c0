import type { Failure } from '../../shared/domain/job.ts';
import { isCancelled, toFailure } from './failure.ts';

/**
 * A value that is read from the engine: loads when the component starts and again whenever something reactive that
 * `load` touches changes (the dataset in hand, `app.changes.version('runs')`). A newer load aborts the older one; the
 * old value stays in place meanwhile, so nothing jumps. Make it while a component initialises.
 *
 *   const runs = new Resource((signal) => {
 *     app.changes.version('runs');
 *     return app.client.runs.list({ dataset: studio.datasetId }, { signal });
 *   });
 *
 * `load` may return undefined when there is nothing to ask for; the value is then undefined.
 */
export class Resource<T> {
  value = $state.raw<T | undefined>();
  error = $state.raw<Failure | undefined>();
  loading = $state(true);
  #attempt = $state(0);

  constructor(load: (signal: AbortSignal) => Promise<T> | undefined) {
    $effect(() => {
      void this.#attempt;
      const controller = new AbortController();
      void this.#run(load, controller.signal);
      return () => controller.abort();
    });
  }

  /** Asks again, e.g. after an error. */
  reload(): void {
    this.#attempt += 1;
  }

  async #run(load: (signal: AbortSignal) => Promise<T> | undefined, signal: AbortSignal): Promise<void> {
    let pending: Promise<T> | undefined;
    try {
      pending = load(signal);
      if (pending === undefined) {
        this.value = undefined;
        this.error = undefined;
        this.loading = false;
        return;
      }
      this.loading = true;
      const value = await pending;
      if (signal.aborted) return;
      this.value = value;
      this.error = undefined;
    } catch (cause) {
      if (signal.aborted || isCancelled(cause)) return;
      this.error = toFailure(cause);
    }
    if (!signal.aborted) this.loading = false;
  }
}
