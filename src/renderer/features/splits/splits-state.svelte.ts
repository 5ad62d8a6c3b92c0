import type { Client } from '../../../shared/contract/index.ts';
import type { SplitSummary } from '../../../shared/domain/split.ts';
import type { Failure } from '../../../shared/domain/job.ts';
import { toFailure } from '../../state/failure.ts';
import type { ToastsState } from '../../state/toasts.svelte.ts';
import type { SplitForm } from './split-plan.ts';

interface Needs {
  readonly client: () => Client;
  readonly toasts: Pick<ToastsState, 'show'>;
  readonly changed: () => void;
  /** How long a removed split can be brought back by its toast. */
  readonly undoMs?: number;
}

/**
 * Making and removing splits. A split cannot be brought back once the engine dropped it, so a removal is only sent after
 * the toast that undoes it is gone, even if the room was left meanwhile.
 */
export class SplitsState {
  creating = $state(false);
  error: Failure | undefined = $state.raw();
  /** Hidden from the list: to be removed unless brought back. */
  leaving: ReadonlySet<string> = $state.raw(new Set());
  readonly #needs: Needs;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  shown(all: readonly SplitSummary[]): SplitSummary[] {
    return all.filter((split) => !this.leaving.has(split.id)).sort((a, b) => b.createdAt - a.createdAt);
  }

  async create(
    dataset: string,
    revision: number,
    form: SplitForm,
    name: string,
  ): Promise<SplitSummary | undefined> {
    this.creating = true;
    this.error = undefined;
    try {
      const split = await this.#needs.client().splits.create({
        dataset,
        ifRevision: revision,
        ...form,
        ...(name.trim() === '' ? {} : { name: name.trim() }),
      });
      this.#needs.changed();
      return split;
    } catch (cause) {
      this.error = toFailure(cause);
      return undefined;
    } finally {
      this.creating = false;
    }
  }

  remove(split: SplitSummary): void {
    this.leaving = new Set(this.leaving).add(split.id);
    this.#timers.set(
      split.id,
      setTimeout(() => void this.#send(split.id), this.#needs.undoMs ?? 10_000),
    );
    this.#needs.toasts.show({
      message: `Split “${split.name}” is removed.`,
      action: { label: 'Undo', run: () => this.#keep(split.id) },
    });
  }

  async #send(id: string): Promise<void> {
    if (!this.#timers.has(id)) return;
    this.#forget(id);
    try {
      await this.#needs.client().splits.remove({ split: id });
      this.#needs.changed();
    } catch (cause) {
      this.#needs.toasts.show({ tone: 'error', message: toFailure(cause).message });
      this.#keep(id);
    }
  }

  #keep(id: string): void {
    this.#forget(id);
    this.leaving = new Set([...this.leaving].filter((one) => one !== id));
  }

  #forget(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }
}
