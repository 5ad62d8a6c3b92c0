import { type ConnectOptions, type EngineConnection, connectOrStart } from '../engine/process/connect.ts';
import type { ShellEvent } from '#shared/domain/shell.ts';
import { UserError } from '#shared/rpc/errors.ts';

type EngineState = Extract<ShellEvent, { plumage: 'engine' }>;

/** An engine that dies this often within a minute is not started again by itself. */
const MAX_RESTARTS_A_MINUTE = 5;

/** Keeps the window connected to an engine: starts or adopts one, and another when that one dies. */
export class EngineLink {
  readonly #options: ConnectOptions;
  readonly #listeners = new Set<(state: EngineState, connection: EngineConnection | null) => void>();
  #connecting: Promise<EngineConnection> | null = null;
  #connection: EngineConnection | null = null;
  #restarts: number[] = [];
  #closing = false;

  constructor(options: ConnectOptions) {
    this.#options = options;
  }

  get connection(): EngineConnection | null {
    return this.#connection;
  }

  onState(listener: (state: EngineState, connection: EngineConnection | null) => void): void {
    this.#listeners.add(listener);
  }

  /** The engine at work, or the one that is starting. Everybody who asks meanwhile waits for the same. */
  async ready(): Promise<EngineConnection> {
    if (this.#connection !== null) return this.#connection;
    this.#connecting ??= this.#connect().finally(() => (this.#connecting = null));
    return await this.#connecting;
  }

  close(): void {
    this.#closing = true;
    this.#connection?.close();
  }

  async #connect(): Promise<EngineConnection> {
    this.#tell({ plumage: 'engine', state: 'starting' });
    try {
      const connection = await connectOrStart(this.#options);
      this.#connection = connection;
      void connection.closed.then(() => this.#lost());
      this.#tell({ plumage: 'engine', state: 'ready' });
      return connection;
    } catch (error) {
      const failure = {
        code: error instanceof UserError ? error.code : 'bug',
        message: error instanceof Error ? error.message : String(error),
        details: reportOf(error),
      };
      this.#tell({ plumage: 'engine', state: 'failed', failure });
      throw error;
    }
  }

  #lost(): void {
    this.#connection = null;
    if (this.#closing) return;
    this.#tell({ plumage: 'engine', state: 'lost' });
    const now = Date.now();
    this.#restarts = [...this.#restarts.filter((at) => now - at < 60_000), now];
    if (this.#restarts.length > MAX_RESTARTS_A_MINUTE) {
      const message =
        'The engine keeps ending. Look into its log in the library’s logs folder, then try again.';
      this.#tell({ plumage: 'engine', state: 'failed', failure: { code: 'engine-failed', message } });
      return;
    }
    // A failure was told to the listeners.
    this.ready().catch(() => undefined);
  }

  #tell(state: EngineState): void {
    for (const listener of this.#listeners) listener(state, this.#connection);
  }
}

/** What somebody who looks into a failed start wants to read: the defect's own account, else where it was thrown. */
function reportOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { details } = error as Error & { details?: unknown };
  const account =
    details === undefined ? '' : typeof details === 'string' ? details : JSON.stringify(details, null, 2);
  return [account, error.stack ?? ''].filter((part) => part !== '').join('\n\n');
}
