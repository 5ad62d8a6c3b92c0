import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ToastRequest } from '../../state/toasts.svelte.ts';
import { fakeClient } from '../../testing/fake-client.ts';
import { split } from '../../testing/fake-data.ts';
import { leakCell, leakParts, leakTotal } from './leaks.ts';
import { SplitsState } from './splits-state.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function splits(remove: () => Promise<void> = () => Promise.resolve()) {
  const removed: string[] = [];
  const toasts: ToastRequest[] = [];
  const client = fakeClient({
    splits: {
      remove: async ({ split: id }) => {
        removed.push(id);
        await remove();
      },
      create: async (input) => {
        if (input.ifRevision === 2)
          throw Object.assign(new Error('The dataset has changed. Look again.'), { code: 'conflict' });
        return { ...split, name: input.name ?? 'split' };
      },
    },
  });
  const state = new SplitsState({
    client: () => client,
    toasts: { show: (toast) => toasts.push(toast) },
    changed: () => undefined,
    undoMs: 1000,
  });
  return { state, removed, toasts };
}
const form = {
  kind: 'class-disjoint',
  testShare: 0.5,
  validationShare: 0.1,
  seed: 0,
  dropLeaks: false,
} as const;

describe('splits', () => {
  it('are removed only when nobody took it back', async () => {
    const { state, removed, toasts } = splits();
    state.remove(split);
    expect(state.shown([split])).toEqual([]);
    toasts[0]?.action?.run();
    expect(state.shown([split])).toEqual([split]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(removed).toEqual([]);
    state.remove(split);
    await vi.advanceTimersByTimeAsync(1000);
    expect(removed).toEqual([split.id]);
  });

  it('come back with the reason when the engine keeps them', async () => {
    const { state, toasts } = splits(() =>
      Promise.reject(Object.assign(new Error('A run uses this split.'), { code: 'conflict' })),
    );
    state.remove(split);
    await vi.advanceTimersByTimeAsync(1000);
    expect(state.shown([split])).toEqual([split]);
    expect(toasts.at(-1)).toMatchObject({ tone: 'error', message: 'A run uses this split.' });
  });

  it('are made, or the reason is kept for the form', async () => {
    const { state } = splits();
    expect(await state.create('ds', 3, form, ' halves ')).toMatchObject({ name: 'halves' });
    expect(await state.create('ds', 2, form, '')).toBeUndefined();
    expect([state.error?.message, state.creating]).toEqual(['The dataset has changed. Look again.', false]);
  });

  it('have leaks counted once, whichever way they lie', () => {
    const both = [...split.leaks, { from: 'test', to: 'train', exact: 4, near: 11 } as const];
    expect(leakCell(both, 'test', 'train')).toEqual({ exact: 4, near: 11 });
    expect(leakTotal({ ...split, leaks: both })).toEqual({ exact: 4, near: 13 });
    expect(leakParts([])).toEqual(['train', 'validation', 'test']);
  });
});
