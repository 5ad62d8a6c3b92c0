import { describe, expect, it } from 'vitest';
import { fakeClient } from '../../testing/fake-client.ts';
import { points, run } from '../../testing/fake-data.ts';
import { RunPageState } from './run-page-state.svelte.ts';

async function* events(...seqs: number[]) {
  for (const seq of seqs) yield { value: { seq, run: { ...run, step: seq } }, missed: 0 };
}

describe('a run that trains', () => {
  it('reads on from its last point with every event, and each point once', async () => {
    const all = points(30);
    const since: number[] = [];
    let upTo = 10;
    const client = fakeClient({
      runs: {
        get: async () => run,
        points: async ({ since: from = 0 }) => {
          since.push(from);
          // An engine that counts `since` itself in would send a point twice.
          const page = all.filter((point) => point.seq >= from && point.seq <= upTo);
          upTo += 10;
          return page;
        },
        events: () => events(20, 20, 30),
      },
    });
    const page = new RunPageState(run.id);
    await page.follow(client, new AbortController().signal);
    expect(since).toEqual([0, 10, 20]);
    expect(page.points.map((point) => point.seq)).toEqual(all.map((point) => point.seq));
    expect(page.run?.step).toBe(30);
  });

  it('says what went wrong, unless it was left', async () => {
    const client = fakeClient({
      runs: {
        get: () => Promise.reject(Object.assign(new Error('There is no such run.'), { code: 'not-found' })),
      },
    });
    const page = new RunPageState(run.id);
    await page.follow(client, new AbortController().signal);
    expect(page.error?.message).toBe('There is no such run.');
    const left = new RunPageState(run.id);
    await left.follow(client, AbortSignal.abort());
    expect(left.error).toBeUndefined();
  });
});
