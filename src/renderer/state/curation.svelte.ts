import type { Client } from '../../shared/contract/index.ts';
import { toFailure } from './failure.ts';
import type { ToastRequest, ToastsState } from './toasts.svelte.ts';

type Edit = Parameters<Client['curation']['apply']>[0]['edit'];

interface Needs {
  readonly client: () => Client;
  readonly toasts: ToastsState;
  /** Called after every change, so that the window reads again without waiting for the engine's word. */
  readonly changed: () => void;
}

/** Changes to a dataset, each told by a toast that offers to take it back. One change at a time, in order. */
export class CurationState {
  busy = $state(false);
  readonly #needs: Needs;
  /** The message about the latest change: an older one's Undo would take back something else. */
  #toastId: number | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** Applies an edit. Answers with false when the engine refused it; the reason has then been shown. */
  apply(datasetId: string, edit: Edit, why = ''): Promise<boolean> {
    return this.#run(async (client) => {
      const applied = await client.curation.apply({ dataset: datasetId, edit, why });
      this.#tell({
        message: applied.summary,
        action: { label: 'Undo', run: () => void this.undo(datasetId) },
      });
    });
  }

  undo(datasetId: string): Promise<boolean> {
    return this.#run(async (client) => {
      const undone = await client.curation.undo({ dataset: datasetId });
      this.#tell(
        undone === null
          ? { message: 'There is nothing left to undo in this dataset.' }
          : { message: undone.summary, action: { label: 'Redo', run: () => void this.redo(datasetId) } },
      );
    });
  }

  redo(datasetId: string): Promise<boolean> {
    return this.#run(async (client) => {
      const redone = await client.curation.redo({ dataset: datasetId });
      this.#tell({ message: redone?.summary ?? 'There is nothing to redo in this dataset.' });
    });
  }

  #tell(request: ToastRequest): void {
    if (this.#toastId !== undefined) this.#needs.toasts.dismiss(this.#toastId);
    this.#toastId = this.#needs.toasts.show(request);
  }

  #run(task: (client: Client) => Promise<void>): Promise<boolean> {
    const next = this.#queue.then(async () => {
      this.busy = true;
      try {
        await task(this.#needs.client());
        this.#needs.changed();
        return true;
      } catch (cause) {
        this.#needs.toasts.show({ tone: 'error', message: toFailure(cause).message });
        return false;
      } finally {
        this.busy = false;
      }
    });
    this.#queue = next;
    return next;
  }
}
