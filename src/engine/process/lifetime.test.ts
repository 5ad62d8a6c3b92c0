import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Lifetime } from './lifetime.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function life(owner: 'window' | 'clients') {
  const state = { clients: 0, busy: false, ended: null as string | null };
  const parent = new PassThrough();
  let had = false;
  const lifetime = new Lifetime({
    owner,
    parent,
    clients: () => {
      had ||= state.clients > 0;
      return state.clients;
    },
    hadClient: () => had,
    isBusy: () => state.busy,
    lingerMs: 1000,
    firstClientMs: 30_000,
    end: (why) => (state.ended ??= why),
  });
  return { state, parent, lifetime };
}

describe('an engine that its clients own', () => {
  it('ends a moment after the last client has left', async () => {
    const { state, lifetime } = life('clients');
    state.clients = 2;
    await vi.advanceTimersByTimeAsync(5000);
    state.clients = 0;
    await vi.advanceTimersByTimeAsync(900);
    expect(state.ended).toBeNull();
    await vi.advanceTimersByTimeAsync(300);
    expect(state.ended).toBe('the last client has left');
    lifetime.stop();
  });

  it('stays for a client that comes back in time, and for a job', async () => {
    const { state, lifetime } = life('clients');
    state.clients = 1;
    await vi.advanceTimersByTimeAsync(200);
    state.clients = 0;
    await vi.advanceTimersByTimeAsync(900);
    state.clients = 1;
    await vi.advanceTimersByTimeAsync(900);
    state.clients = 0;
    state.busy = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(state.ended).toBeNull();
    state.busy = false;
    await vi.advanceTimersByTimeAsync(1200);
    expect(state.ended).toBe('the last client has left');
    lifetime.stop();
  });

  it('notices a client that came and went between two looks', async () => {
    const { state, lifetime } = life('clients');
    state.clients = 1;
    lifetime.release();
    state.clients = 0;
    await vi.advanceTimersByTimeAsync(1200);
    expect(state.ended).toBe('the last client has left');
    lifetime.stop();
  });

  it('does not wait for ever for a first client', async () => {
    const { state, lifetime } = life('clients');
    await vi.advanceTimersByTimeAsync(29_000);
    expect(state.ended).toBeNull();
    await vi.advanceTimersByTimeAsync(2000);
    expect(state.ended).toBe('no client came');
    lifetime.stop();
  });
});

describe('an engine that a window owns', () => {
  it('lives without clients and ends when the pipe of the window closes, whatever runs', async () => {
    const { state, parent, lifetime } = life('window');
    state.busy = true;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(state.ended).toBeNull();
    parent.end();
    await vi.advanceTimersByTimeAsync(200);
    expect(state.ended).toBe('the window is gone');
    lifetime.stop();
  });

  it('waits for the sockets of the window to close, too', async () => {
    const { state, parent, lifetime } = life('window');
    state.clients = 2;
    parent.end();
    await vi.advanceTimersByTimeAsync(100);
    state.clients = 0;
    await vi.advanceTimersByTimeAsync(100);
    expect(state.ended).toBe('the window is gone');
    lifetime.stop();
  });

  it('goes on for other clients that are at work', async () => {
    const { state, parent, lifetime } = life('window');
    state.clients = 1;
    parent.end();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(state.ended).toBeNull();
    state.clients = 0;
    await vi.advanceTimersByTimeAsync(1200);
    expect(state.ended).toBe('the last client has left');
    lifetime.stop();
  });

  it('can be let go by a client', async () => {
    const { state, lifetime } = life('window');
    state.clients = 1;
    expect(lifetime.release()).toBe(true);
    state.busy = true;
    expect(lifetime.release()).toBe(false);
    state.busy = false;
    state.clients = 0;
    await vi.advanceTimersByTimeAsync(1200);
    expect(state.ended).toBe('the last client has left');
    lifetime.stop();
  });
});
