import type { Client } from '../../shared/contract/index.ts';
import type { Link, LinkListener, Transport } from '../client/connect.ts';

/**
 * The link to the engine as the interface sees it. `client` is replaced when a new engine answers: whatever reads it
 * inside an effect or a Resource asks again by itself.
 */
export class ConnectionState {
  status = $state<'connecting' | 'ready' | 'lost' | 'failed'>('connecting');
  message = $state('');
  /** What to copy into a report about `message`, where there is more to say. */
  details = $state<string | undefined>();
  /** Grows with every new engine. */
  generation = $state(0);
  #link = $state.raw<Link | undefined>();
  readonly #transport: Transport;

  constructor(connect: (listener: LinkListener) => Transport) {
    this.#transport = connect({
      linked: (link) => this.#linked(link),
      lost: (message) => this.#down('lost', message),
      failed: (message, details) => this.#down('failed', message, details),
    });
  }

  /** True once an engine has answered: from then on the rooms are drawn, and kept while it is away. */
  get everReady(): boolean {
    return this.#link !== undefined;
  }

  get client(): Client {
    if (this.#link === undefined) throw new Error('The client was used before the engine answered.');
    return this.#link.client;
  }

  fetchBlob(hash: string, signal?: AbortSignal): Promise<ArrayBuffer> {
    if (this.#link === undefined) throw new Error('A blob was asked for before the engine answered.');
    return this.#link.fetchBlob(hash, signal);
  }

  retry(): void {
    this.status = 'connecting';
    this.#transport.retry();
  }

  stop(): void {
    this.#transport.stop();
  }

  #linked(link: Link): void {
    this.#link = link;
    this.generation += 1;
    this.status = 'ready';
    this.message = '';
    this.details = undefined;
    void link.closed.then((message) => {
      if (this.#link === link && this.status === 'ready') this.#down('lost', message);
    });
  }

  #down(status: 'lost' | 'failed', message: string, details?: string): void {
    this.status = status;
    this.message = message;
    this.details = details;
  }
}
