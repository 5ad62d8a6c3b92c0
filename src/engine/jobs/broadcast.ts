export type Unsubscribe = () => void;

/** Where values come from. */
export interface Source<T> {
  subscribe(listener: (value: T) => void): Unsubscribe;
}

/** Tells listeners in this process about values, in order. */
export class Broadcast<T> implements Source<T> {
  readonly #listeners = new Set<(value: T) => void>();

  publish(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  subscribe(listener: (value: T) => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }
}

export interface LatestOptions<T> {
  readonly signal: AbortSignal;
  /** Told before anything else. Asked for after subscribing, so that nothing falls between. */
  readonly first?: () => T | undefined;
  /** Joins a value that nobody has read yet with a newer one; without it the newer one wins. */
  readonly merge?: (unread: T, newer: T) => T;
  /** Ends the sequence after this value. */
  readonly last?: (value: T) => boolean;
}

/** Values of a broadcast as a sequence that never queues more than one: a slow reader gets the latest. */
export async function* latest<T>(broadcast: Source<T>, options: LatestOptions<T>): AsyncGenerator<T, void> {
  const { signal, merge, last } = options;
  let unread: { value: T } | undefined;
  let wake: () => void = () => undefined;
  const take = (value: T): void => {
    // What ends the sequence must not be replaced by something older that is told late.
    if (unread !== undefined && last?.(unread.value)) return;
    unread = { value: unread !== undefined && merge !== undefined ? merge(unread.value, value) : value };
    wake();
  };
  const unsubscribe = broadcast.subscribe(take);
  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort);
  try {
    const first = options.first?.();
    if (first !== undefined) take(first);
    while (!signal.aborted) {
      if (unread === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      const { value }: { value: T } = unread;
      unread = undefined;
      yield value;
      if (last?.(value)) return;
    }
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', onAbort);
  }
}
