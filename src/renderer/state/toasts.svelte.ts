import { untrack } from 'svelte';

/** Short messages at the foot of the window. One that offers an action (undo) stays longer; errors stay until read. */
export interface ToastRequest {
  readonly message: string;
  readonly tone?: 'info' | 'error';
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
}

export interface Toast extends ToastRequest {
  readonly id: number;
  readonly tone: 'info' | 'error';
}

const MOST = 3;
const STAY_MS = 5000;
const STAY_WITH_ACTION_MS = 10_000;

export class ToastsState {
  list = $state.raw<readonly Toast[]>([]);
  #nextId = 1;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(request: ToastRequest): number {
    const id = this.#nextId++;
    const toast: Toast = { ...request, id, tone: request.tone ?? 'info' };
    const kept = [...untrack(() => this.list), toast];
    for (const old of kept.slice(0, -MOST)) this.#stopTimer(old.id);
    this.list = kept.slice(-MOST);
    this.release(id);
    return id;
  }

  dismiss(id: number): void {
    this.#stopTimer(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** Keeps a message while the pointer is on it. */
  hold(id: number): void {
    this.#stopTimer(id);
  }

  release(id: number): void {
    const toast = this.list.find((candidate) => candidate.id === id);
    if (toast === undefined || toast.tone === 'error') return;
    const stayMs = toast.action === undefined ? STAY_MS : STAY_WITH_ACTION_MS;
    this.#stopTimer(id);
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), stayMs),
    );
  }

  #stopTimer(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }
}
