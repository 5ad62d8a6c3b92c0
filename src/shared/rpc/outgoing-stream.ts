/** What the sending end of a stream does with the wire. */
export interface OutgoingWire {
  send(item: unknown, missed: number): void;
  end(): void;
}

/**
 * The sending end of one stream. It reads its source as fast as that goes and keeps only the newest item until the reader
 * permits the next one: a slow reader gets the latest and how many it missed, and nothing piles up.
 */
export class OutgoingStream {
  readonly #wire: OutgoingWire;
  #permits = 0;
  #latest: { readonly item: unknown } | null = null;
  #missed = 0;
  #finished = false;

  constructor(wire: OutgoingWire) {
    this.#wire = wire;
  }

  /** Resolves when the source is exhausted; the end follows the last item on the wire. Rejects with the source's error. */
  async run(
    source: AsyncIterable<unknown>,
    signal: AbortSignal,
    check: (item: unknown) => void,
  ): Promise<void> {
    const iterator = source[Symbol.asyncIterator]();
    let giveUp: () => void = () => undefined;
    const onAbort = (): void => giveUp();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      while (!signal.aborted) {
        // Not a race with one promise of the abort: that would keep something of every item until the stream ends.
        const result = await new Promise<IteratorResult<unknown> | null>((resolve, reject) => {
          giveUp = () => resolve(null);
          iterator.next().then(resolve, reject);
        });
        if (result === null || result.done === true) break;
        check(result.value);
        this.#offer(result.value);
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      // A generator that waits forever would never answer: its end is not waited for.
      void iterator.return?.()?.then(undefined, () => undefined);
    }
    this.#finished = true;
    if (!signal.aborted) this.#flush();
  }

  permit(): void {
    this.#permits += 1;
    this.#flush();
  }

  #offer(item: unknown): void {
    if (this.#latest !== null) this.#missed += 1;
    this.#latest = { item };
    this.#flush();
  }

  #flush(): void {
    if (this.#latest !== null && this.#permits > 0) {
      const { item } = this.#latest;
      const missed = this.#missed;
      this.#permits -= 1;
      this.#latest = null;
      this.#missed = 0;
      this.#wire.send(item, missed);
    }
    if (this.#finished && this.#latest === null) this.#wire.end();
  }
}
