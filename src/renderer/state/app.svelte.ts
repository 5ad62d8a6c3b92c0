import type { Client } from '../../shared/contract/index.ts';
import type { LinkListener, Transport } from '../client/connect.ts';
import { ChangesState } from './changes.svelte.ts';
import { CommandsState } from './commands.svelte.ts';
import { ConnectionState } from './connection.svelte.ts';
import { CurationState } from './curation.svelte.ts';
import { DatasetsState } from './datasets.svelte.ts';
import { toFailure } from './failure.ts';
import { JobsState } from './jobs.svelte.ts';
import { StudioState } from './studio.svelte.ts';
import { ThemeState } from './theme.svelte.ts';
import { ToastsState } from './toasts.svelte.ts';

/**
 * The window's state in one place. Rooms take from it: `client` (calls and streams of the contract), `studio` (what is
 * in hand), `changes` (what to read again), `jobs`, `datasets`, `toasts`, `curation` (edits with undo), `theme`, `commands` (palette and
 * keys).
 */
export class App {
  readonly connection: ConnectionState;
  readonly changes = new ChangesState();
  readonly jobs = new JobsState();
  readonly datasets = new DatasetsState();
  readonly studio = new StudioState();
  readonly toasts = new ToastsState();
  readonly theme = new ThemeState();
  readonly commands = new CommandsState();
  readonly curation: CurationState;

  constructor(connect: (listener: LinkListener) => Transport) {
    this.connection = new ConnectionState(connect);
    this.curation = new CurationState({
      client: () => this.client,
      toasts: this.toasts,
      changed: () => this.changes.touch(['datasets', 'images']),
    });
  }

  /** The engine's client. Reactive: replaced when a new engine answers. */
  get client(): Client {
    return this.connection.client;
  }

  fetchBlob(hash: string, signal?: AbortSignal): Promise<ArrayBuffer> {
    return this.connection.fetchBlob(hash, signal);
  }

  /** Keeps the shared state fresh. Called once while the root component initialises. */
  follow(): void {
    $effect(() => {
      if (!this.connection.everReady) return;
      const client = this.client;
      const controller = new AbortController();
      const report = (cause: unknown) => this.report(cause);
      this.changes.follow(client, controller.signal).catch(report);
      this.jobs.follow(client, controller.signal).catch(report);
      return () => controller.abort();
    });
    $effect(() => {
      if (!this.connection.everReady) return;
      this.changes.version('datasets');
      const controller = new AbortController();
      void this.datasets.load(this.client, controller.signal);
      return () => controller.abort();
    });
    $effect(() => this.#keepDatasetInHand());
  }

  /** Shows a failure as a sentence; what was cancelled is not shown. */
  report(cause: unknown): void {
    const failure = toFailure(cause);
    if (failure.code !== 'cancelled') this.toasts.show({ tone: 'error', message: failure.message });
  }

  /** The dataset in hand follows its newest description; one that was taken off the shelf is put down. */
  #keepDatasetInHand(): void {
    if (!this.datasets.loaded) return;
    const fresh = this.datasets.byId(this.studio.datasetId) ?? this.datasets.list[0] ?? null;
    if (fresh !== this.studio.dataset) this.studio.takeDataset(fresh);
  }
}
