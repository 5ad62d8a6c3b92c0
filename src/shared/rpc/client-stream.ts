import type { StreamItem } from '../contract/definition.ts';
import { Cancelled } from './errors.ts';

/** What a stream needs from its connection. */
export interface StreamWire {
  /** Permits the server to send one more item. */
  pull(): void;
  /** Tells the server to stop; the id is forgotten afterwards. */
  cancel(): void;
}

/** The reading end of one stream: asks for an item only when its reader does, so a slow reader costs nothing. */
export class ClientStream<T> implements AsyncIterator<StreamItem<T>> {
  readonly #wire: StreamWire;
  #waiting: { resolve(result: IteratorResult<StreamItem<T>>): void; reject(error: unknown): void } | null =
    null;
  #end: { readonly error: unknown } | 'ended' | null = null;

  constructor(wire: StreamWire) {
    this.#wire = wire;
  }

  next(): Promise<IteratorResult<StreamItem<T>>> {
    if (this.#waiting !== null)
      return Promise.reject(new TypeError('A stream has one reader that asks for one item at a time.'));
    if (this.#end !== null) return this.#finish();
    try {
      this.#wire.pull();
    } catch (error) {
      this.#end = 'ended';
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  return(): Promise<IteratorResult<StreamItem<T>>> {
    if (this.#end === null) this.#wire.cancel();
    this.ended();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** @internal called by the connection */
  received(value: T, missed: number): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve({ done: false, value: { value, missed } });
  }

  ended(): void {
    this.#close('ended');
  }

  failed(error: unknown): void {
    this.#close({ error });
  }

  aborted(): void {
    if (this.#end !== null) return;
    this.#wire.cancel();
    this.failed(new Cancelled());
  }

  #close(end: { readonly error: unknown } | 'ended'): void {
    if (this.#end !== null) return;
    this.#end = end;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null) return;
    this.#finish().then(
      (result) => waiting.resolve(result),
      (error: unknown) => waiting.reject(error),
    );
  }

  /** An error is thrown once; whoever asks again is told that the stream is over. */
  #finish(): Promise<IteratorResult<StreamItem<T>>> {
    const end = this.#end;
    this.#end = 'ended';
    if (end !== null && end !== 'ended') return Promise.reject(end.error);
    return Promise.resolve({ done: true, value: undefined });
  }
}
