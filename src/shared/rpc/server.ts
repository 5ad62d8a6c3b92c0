import type { ContractShape, HandlersOf } from '../contract/definition.ts';
import { CONTRACT_VERSION } from '../contract/version.ts';
import type { Refusal } from './codec.ts';
import { UserError } from './errors.ts';
import { badInput, failureOf } from './failure.ts';
import type { Frame } from './frame.ts';
import { createMethods, type Method } from './methods.ts';
import { OutgoingStream } from './outgoing-stream.ts';
import type { Port } from './port.ts';

export interface ServeOptions {
  /** Defects: logged whole. */
  onBug(bug: { readonly method: string; readonly error: unknown }): void;
  /** What a client sent that it must not: unknown methods, wrong input, frames that are none. */
  onRefused(refusal: {
    readonly method: string | null;
    readonly code: string;
    readonly message: string;
  }): void;
  /** Checks what handlers answer against the contract, too. On in development and tests. */
  readonly checkOutput?: boolean;
  readonly version?: number;
}

/** More than this in flight from one client is a client that runs wild. */
const MAX_IN_FLIGHT = 1000;

/** Answers a contract on one port until it closes; resolves then. Every input is parsed, nothing is dropped in silence. */
export async function serveContract<C extends ContractShape>(
  contract: C,
  handlers: HandlersOf<C>,
  port: Port,
  options: ServeOptions,
): Promise<void> {
  const session = new Session(createMethods(contract, handlers), port, options);
  port.onFrame((frame) => session.receive(frame));
  port.onRefusal((refusal) => session.refuse(refusal));
  await port.closed;
  session.end();
}

interface Active {
  readonly abort: AbortController;
  readonly stream: OutgoingStream | null;
}

class Session {
  readonly #methods: ReadonlyMap<string, Method>;
  readonly #port: Port;
  readonly #options: ServeOptions;
  readonly #active = new Map<number, Active>();
  #client: { readonly name: string } | null = null;

  constructor(methods: ReadonlyMap<string, Method>, port: Port, options: ServeOptions) {
    this.#methods = methods;
    this.#port = port;
    this.#options = options;
  }

  receive(frame: Frame): void {
    if (frame.type === 'hello') this.#greet(frame);
    else if (frame.type === 'cancel' || frame.type === 'end') this.#cancel(frame.id);
    else if (frame.type === 'next') this.#active.get(frame.id)?.stream?.permit();
    else if (frame.type === 'call' || frame.type === 'open') this.#begin(frame);
    else this.refuse({ id: frame.id, code: 'bad-frame', message: `A client does not send "${frame.type}".` });
  }

  refuse(refusal: Refusal): void {
    this.#options.onRefused({ method: null, code: refusal.code, message: refusal.message });
    this.#post({ type: 'fail', ...refusal });
  }

  end(): void {
    for (const { abort } of this.#active.values()) abort.abort();
  }

  #cancel(id: number): void {
    const active = this.#active.get(id);
    active?.abort.abort();
    // Its source may have ended long ago, with the last item unread: then nobody else forgets it.
    if (active?.stream) this.#active.delete(id);
  }

  #greet(frame: Extract<Frame, { type: 'hello' }>): void {
    const version = this.#options.version ?? CONTRACT_VERSION;
    if (frame.version !== version) {
      const message = `This client speaks version ${String(frame.version)}, the engine version ${version}. Close every Plumage and start it again.`;
      this.#options.onRefused({ method: null, code: 'version-mismatch', message });
      this.#post({ type: 'fail', id: 0, code: 'version-mismatch', message });
      this.#port.close({ code: 'refused', message: 'Another version.' });
      return;
    }
    this.#client = { name: String(frame.name).slice(0, 60) };
    this.#post({ type: 'hello', version, name: 'engine' });
  }

  #begin(frame: Extract<Frame, { type: 'call' | 'open' }>): void {
    const { id, method: name } = frame;
    const method = this.#methods.get(name);
    const client = this.#client;
    if (client === null) return this.#fail(id, name, 'bad-frame', 'Say hello before the first call.');
    if (this.#active.has(id)) return this.#fail(id, name, 'bad-frame', `The number ${id} is in use.`);
    if (this.#active.size >= MAX_IN_FLIGHT)
      return this.#fail(id, name, 'conflict', 'Too many calls at once.');
    if (method === undefined || method.kind !== (frame.type === 'call' ? 'call' : 'stream')) {
      return this.#fail(
        id,
        name,
        'unknown-method',
        `The engine has no ${frame.type === 'call' ? 'call' : 'stream'} "${name.slice(0, 100)}".`,
      );
    }
    const input = method.input.safeParse(frame.input);
    if (!input.success) {
      const { code, message, details } = badInput(name, input.error);
      this.#fail(id, name, code, message, details);
      return;
    }
    const abort = new AbortController();
    const stream =
      method.kind === 'stream'
        ? new OutgoingStream({
            send: (item, missed) =>
              this.#post(missed === 0 ? { type: 'next', id, item } : { type: 'next', id, item, missed }),
            end: () => (this.#active.delete(id), this.#post({ type: 'end', id })),
          })
        : null;
    this.#active.set(id, { abort, stream });
    const context = { signal: abort.signal, client };
    const work =
      stream === null
        ? this.#answer(id, method, input.data, context)
        : this.#feed(stream, method, input.data, context);
    void work
      .catch((error: unknown) => this.#failed(id, name, error, abort.signal))
      .finally(() => {
        if (stream === null || abort.signal.aborted) this.#active.delete(id);
      });
  }

  async #answer(
    id: number,
    method: Method,
    input: unknown,
    context: Parameters<Method['run']>[1],
  ): Promise<void> {
    const output = await method.run(input, context);
    this.#check(method, output);
    this.#port.post({ type: 'ok', id, output });
  }

  async #feed(
    stream: OutgoingStream,
    method: Method,
    input: unknown,
    context: Parameters<Method['run']>[1],
  ): Promise<void> {
    const source = method.run(input, context) as AsyncIterable<unknown>;
    await stream.run(source, context.signal, (item) => this.#check(method, item));
  }

  #check(method: Method, value: unknown): void {
    if (this.#options.checkOutput !== true) return;
    const checked = method.output.safeParse(value);
    if (!checked.success)
      throw new Error(`${method.name} answers what the contract does not allow: ${checked.error.message}`);
  }

  #failed(id: number, method: string, error: unknown, signal: AbortSignal): void {
    this.#active.delete(id);
    const { log, ...failure } = failureOf(error, signal);
    if (log) this.#options.onBug({ method, error });
    this.#post({ type: 'fail', id, ...failure });
  }

  #fail(id: number, method: string, code: string, message: string, details?: unknown): void {
    this.#options.onRefused({ method: method.slice(0, 100), code, message });
    this.#post({ type: 'fail', id, code, message, ...(details === undefined ? {} : { details }) });
  }

  /** What cannot be sent because it is too large or cyclic fails its own call, not the connection. */
  #post(frame: Frame): void {
    try {
      this.#port.post(frame);
    } catch (error) {
      const id = 'id' in frame ? frame.id : 0;
      const code = error instanceof UserError ? error.code : 'bug';
      const message = error instanceof Error ? error.message : String(error);
      this.#active.get(id)?.abort.abort();
      this.#active.delete(id);
      this.#options.onBug({ method: 'post', error });
      this.#port.post({ type: 'fail', id, code, message });
    }
  }
}
