import { untrack } from 'svelte';

/** Short messages at the foot of the window. One that offers an action (undo) stays longer, an error longest. */
export interface ToastRequest {
  readonly message: string;
  readonly tone?: 'info' | 'error';
  readonly action?: ToastAction | undefined;
}

export interface ToastAction {
  /** "Undo" is also what the undo key runs. */
  readonly label: string;
  readonly run: () => void;
  /** The undo key may still run it when the message is gone, until something newer can be undone. */
  readonly lasting?: boolean;
}

export interface Toast extends ToastRequest {
  readonly id: number;
  readonly tone: 'info' | 'error';
}

const MOST = 3;
const STAY_MS = 5000;
const STAY_WITH_ACTION_MS = 10_000;
const STAY_ERROR_MS = 12_000;

export class ToastsState {
  list = $state.raw<readonly Toast[]>([]);
  #nextId = 1;
  #lasting = $state.raw<Toast | undefined>();
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(request: ToastRequest): number {
    const id = this.#nextId++;
    const toast: Toast = { ...request, id, tone: request.tone ?? 'info' };
    if (isUndo(toast)) this.#lasting = toast.action?.lasting === true ? toast : undefined;
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

  /** Does what a message offers and takes the message away. */
  act(toast: Toast): void {
    this.dismiss(toast.id);
    if (this.#lasting === toast) this.#lasting = undefined;
    toast.action?.run();
  }

  /** The newest message whose action takes something back. */
  get undoable(): Toast | undefined {
    return this.list.findLast(isUndo) ?? this.#lasting;
  }

  /** Keeps a message while the pointer or the focus is on it. */
  hold(id: number): void {
    this.#stopTimer(id);
  }

  release(id: number): void {
    const toast = this.list.find((candidate) => candidate.id === id);
    if (toast === undefined) return;
    const stayMs =
      toast.tone === 'error' ? STAY_ERROR_MS : toast.action === undefined ? STAY_MS : STAY_WITH_ACTION_MS;
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

function isUndo(toast: Toast): boolean {
  return toast.action?.label === 'Undo';
}
