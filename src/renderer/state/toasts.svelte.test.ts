import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ToastsState } from './toasts.svelte.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('messages', () => {
  it('takes an error away after twelve seconds, but not while it is held', () => {
    const toasts = new ToastsState();
    const id = toasts.show({ tone: 'error', message: 'No.' });
    vi.advanceTimersByTime(11_000);
    toasts.hold(id);
    vi.advanceTimersByTime(60_000);
    expect(toasts.list).toHaveLength(1);
    toasts.release(id);
    vi.advanceTimersByTime(11_999);
    expect(toasts.list).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(toasts.list).toHaveLength(0);
  });

  it('offers the newest undo, and a lasting one when its message is gone', () => {
    const toasts = new ToastsState();
    const action = { label: 'Undo', run: vi.fn() };
    toasts.show({ message: 'A dataset was removed.', action: { ...action, lasting: true } });
    toasts.show({ message: 'Copied.' });
    vi.advanceTimersByTime(20_000);
    expect(toasts.undoable?.message).toBe('A dataset was removed.');
    toasts.show({ message: 'One image was relabelled.', action });
    expect(toasts.undoable?.message).toBe('One image was relabelled.');
    vi.advanceTimersByTime(20_000);
    expect(toasts.undoable).toBeUndefined();
  });

  it('does what is offered only once', () => {
    const toasts = new ToastsState();
    const run = vi.fn();
    toasts.show({ message: 'A dataset was removed.', action: { label: 'Undo', run, lasting: true } });
    const toast = toasts.undoable;
    if (toast !== undefined) toasts.act(toast);
    expect(run).toHaveBeenCalledOnce();
    expect(toasts.list).toHaveLength(0);
    expect(toasts.undoable).toBeUndefined();
  });
});
