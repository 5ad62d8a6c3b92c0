import type { Client } from '#shared/contract/index.ts';
import { connectOrStart, type EngineConnection } from '#engine/process/connect.ts';
import { ProgressView } from './output/progress-view.ts';

/** How the command is written here: `plumage`, or through npm in a clone. */
export const PROGRAM = process.env.PLUMAGE_COMMAND ?? 'plumage';

/** What a command works with: the engine, connected to when first asked for, and where progress goes. */
export class Session {
  readonly quiet: boolean;
  readonly json: boolean;
  readonly progress: ProgressView;
  readonly interrupted: AbortSignal;
  readonly #library: string | undefined;
  #connection: Promise<EngineConnection> | null = null;

  constructor(options: {
    library: string | undefined;
    quiet: boolean;
    json: boolean;
    interrupted: AbortSignal;
  }) {
    this.quiet = options.quiet;
    this.json = options.json;
    this.interrupted = options.interrupted;
    this.#library = options.library;
    this.progress = new ProgressView(process.stderr, { quiet: options.quiet });
  }

  /** The engine that has the library open, or one that is started now and ends after its last client. */
  connection(): Promise<EngineConnection> {
    this.#connection ??= connectOrStart({
      clientName: 'cli',
      ...(this.#library === undefined ? {} : { libraryPath: this.#library }),
    });
    return this.#connection;
  }

  async client(): Promise<Client> {
    return (await this.connection()).client;
  }

  async close(): Promise<void> {
    this.progress.end();
    // A connection that failed was reported by the command that asked for it.
    const connection = await this.#connection?.catch(() => null);
    connection?.close();
  }
}
