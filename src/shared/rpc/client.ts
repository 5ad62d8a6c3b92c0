import type { CallOptions, ClientOf, ContractShape, StreamItem } from '../contract/definition.ts';
import { CONTRACT_VERSION } from '../contract/version.ts';
import { STREAM_NAMES, type StreamNamesOf } from '../contract/streams.ts';
import type { Client, Contract } from '../contract/index.ts';
import { ClientStream } from './client-stream.ts';
import { BugError, Cancelled, UserError } from './errors.ts';
import type { Frame } from './frame.ts';
import type { CloseReason, Port } from './port.ts';

export interface ClientSettings<C> {
  /** Who asks, as the journal will name it: `studio`, `browser`, `cli`. */
  readonly name: string;
  readonly streams: StreamNamesOf<C>;
  readonly version?: number;
}

/** What is in flight under one frame number. */
interface Pending {
  ok(output: unknown): void;
  item(value: unknown, missed: number): void;
  end(): void;
  fail(error: unknown): void;
}

type FailFrame = Extract<Frame, { type: 'fail' }>;

/** The engine's client over any transport. Everything in flight is rejected with `disconnected` when the port closes. */
export function createClient(port: Port, { name }: { readonly name: string }): Client {
  return createClientOf<Contract>(port, { name, streams: STREAM_NAMES });
}

/** The client of any contract. A Proxy stands for the methods: no schema is needed on this side. */
export function createClientOf<C extends ContractShape>(
  port: Port,
  settings: ClientSettings<C>,
): ClientOf<C> {
  const connection = new Connection(port, settings.name, settings.version ?? CONTRACT_VERSION);
  const streams = settings.streams as Readonly<Record<string, Readonly<Record<string, true>>>>;
  const parts = new Map<string, unknown>();

  function partOf(part: string): unknown {
    const methods = new Map<string, unknown>();
    return new Proxy(Object.freeze({}), {
      get(_target, key) {
        // `then` would make an awaited part look like a promise.
        if (typeof key !== 'string' || key === 'then') return undefined;
        const method = `${part}.${key}`;
        const isStream = Object.hasOwn(streams[part] ?? {}, key);
        const made =
          methods.get(key) ??
          ((input: unknown, options?: CallOptions) =>
            isStream ? connection.open(method, input, options) : connection.call(method, input, options));
        methods.set(key, made);
        return made;
      },
    });
  }

  return new Proxy(Object.freeze({}), {
    get(_target, key) {
      if (typeof key !== 'string' || !Object.hasOwn(streams, key)) return undefined;
      const part = parts.get(key) ?? partOf(key);
      parts.set(key, part);
      return part;
    },
  }) as ClientOf<C>;
}

class Connection {
  readonly #port: Port;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #gone: UserError | null = null;
  /** A failure of the connection as a whole, told before the other end closes it. */
  #verdict: FailFrame | null = null;

  constructor(port: Port, name: string, version: number) {
    this.#port = port;
    port.onFrame((frame) => this.#receive(frame));
    void port.closed.then((reason) => this.#disconnect(reason));
    port.post({ type: 'hello', version, name });
  }

  async call(method: string, input: unknown, options: CallOptions = {}): Promise<unknown> {
    const { signal } = options;
    this.#check(signal);
    const id = this.#nextId();
    this.#port.post({ type: 'call', id, method, input });
    return await new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#pending.delete(id);
        this.#port.post({ type: 'cancel', id });
        reject(new Cancelled());
      };
      signal?.addEventListener('abort', abort, { once: true });
      const settle = (end: () => void): void => {
        signal?.removeEventListener('abort', abort);
        this.#pending.delete(id);
        end();
      };
      this.#pending.set(id, {
        ok: (output) => settle(() => resolve(output)),
        fail: (error) => settle(() => reject(error)),
        end: () => settle(() => reject(new BugError(`${method} is a stream, called as a call.`))),
        item: () => undefined,
      });
    });
  }

  open(method: string, input: unknown, options: CallOptions = {}): AsyncIterable<StreamItem<unknown>> {
    return { [Symbol.asyncIterator]: () => this.#startStream(method, input, options.signal) };
  }

  #startStream(method: string, input: unknown, signal: AbortSignal | undefined): ClientStream<unknown> {
    const id = this.#nextId();
    let opened = false;
    const forget = (): void => {
      signal?.removeEventListener('abort', abort);
      this.#pending.delete(id);
    };
    const stream = new ClientStream<unknown>({
      pull: () => {
        // The server starts with the first pull: a stream that nobody reads costs nothing.
        if (!opened) {
          opened = true;
          this.#check(signal);
          this.#port.post({ type: 'open', id, method, input });
        }
        this.#port.post({ type: 'next', id });
      },
      cancel: () => {
        forget();
        if (opened) this.#port.post({ type: 'cancel', id });
      },
    });
    const abort = (): void => stream.aborted();
    signal?.addEventListener('abort', abort, { once: true });
    this.#pending.set(id, {
      ok: () => undefined,
      item: (value, missed) => stream.received(value, missed),
      end: () => (forget(), stream.ended()),
      fail: (error) => (forget(), stream.failed(error)),
    });
    return stream;
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  #check(signal: AbortSignal | undefined): void {
    if (this.#gone !== null) throw this.#gone;
    if (signal?.aborted === true) throw new Cancelled();
  }

  #receive(frame: Frame): void {
    if (frame.type === 'hello') return;
    const pending = this.#pending.get(frame.id);
    if (frame.type === 'fail' && frame.id === 0) this.#verdict = frame;
    else if (frame.type === 'fail') pending?.fail(errorOf(frame));
    else if (frame.type === 'ok') pending?.ok(frame.output);
    else if (frame.type === 'next') pending?.item(frame.item, frame.missed ?? 0);
    else if (frame.type === 'end') pending?.end();
  }

  #disconnect(reason: CloseReason): void {
    const verdict =
      reason.code === 'refused' || this.#verdict?.code === 'version-mismatch' ? this.#verdict : null;
    this.#gone = new UserError(
      verdict?.code ?? 'disconnected',
      verdict?.message ?? `The engine is gone. ${reason.message} Start again: what was saved is kept.`,
      {
        details: reason,
      },
    );
    for (const pending of [...this.#pending.values()]) pending.fail(this.#gone);
  }
}

function errorOf(frame: FailFrame): Error {
  if (frame.code === 'bug') return new BugError(frame.details);
  if (frame.code === 'cancelled') return new Cancelled(frame.message);
  return new UserError(frame.code, frame.message, { details: frame.details });
}
