import { describe, expect, it } from 'vitest';
import { fakeClient } from '../../testing/fake-client.ts';
import { evaluation, failure, neighborsOf } from '../../testing/fake-data.ts';
import { NeighborsState } from './neighbors-state.svelte.ts';

function browser(without: number[] = []) {
  const asked: string[] = [];
  const client = fakeClient({
    evaluations: {
      failures: async ({ onlyMisses = true }) => {
        const total = onlyMisses ? 3 : 5;
        return { total, misses: 3, rows: Array.from({ length: total }, (_, index) => failure(index)) };
      },
    },
    neighbors: {
      ofImage: async ({ evaluation: id, imageId, k = 10 }) => {
        asked.push(`${id === evaluation.id ? 'run' : 'zero'} ${imageId}`);
        if (without.includes(imageId))
          throw Object.assign(new Error('This image is not in the test part.'), { code: 'not-found' });
        return {
          query: { imageId, path: `${imageId}.png`, class: 'a' },
          neighbors: neighborsOf(imageId, k, 0),
        };
      },
      ofFile: async ({ path }) => ({ query: { imageId: null, path, class: null }, neighbors: [] }),
    },
  });
  return { state: new NeighborsState(evaluation, () => client), asked };
}
const image = (imageId: number) => ({ kind: 'image', imageId }) as const;

describe('browsing neighbours', () => {
  it('reads the query with and without training', async () => {
    const { state, asked } = browser();
    expect(await state.ask(image(7))).toBe(true);
    expect(asked).toEqual(['run 7', 'zero 7']);
    expect([state.answer?.neighbors.length, state.baseline?.query.imageId]).toEqual([10, 7]);
    await state.setCompare(false);
    expect(state.baseline).toBeNull();
  });

  it('goes back the way it came, over files, too', async () => {
    const { state } = browser();
    await state.ask(image(1));
    await state.ask({ kind: 'file', path: '/bird.jpg' });
    expect(state.answer?.query).toEqual({ imageId: null, path: '/bird.jpg', class: null });
    await state.ask(image(2));
    await state.ask(image(2));
    await state.back();
    expect(state.query).toEqual({ kind: 'file', path: '/bird.jpg' });
    await state.back();
    expect([state.query, state.canGoBack]).toEqual([image(1), false]);
    expect(await state.back()).toBe(false);
  });

  it('shows only the answer to the last question', async () => {
    const { state } = browser();
    const [first, second] = await Promise.all([state.ask(image(1)), state.ask(image(2))]);
    expect([first, second, state.answer?.query.imageId]).toEqual([false, true, 2]);
  });

  it('says in words what went wrong', async () => {
    const { state } = browser([9]);
    expect(await state.ask(image(9))).toBe(false);
    expect([state.error?.message, state.answer, state.loading]).toEqual([
      'This image is not in the test part.',
      null,
      false,
    ]);
  });

  it('walks through the failing queries and stops at the ends', async () => {
    const { state } = browser();
    await state.failures.need({ from: 0, to: 1 });
    await state.ask(image(failure(0).imageId));
    await state.step(1);
    expect([state.position, state.query]).toEqual([1, image(failure(1).imageId)]);
    await state.step(5);
    expect(state.position).toBe(2);
    expect(await state.step(1)).toBe(false);
    await state.setOnlyMisses(false);
    expect(state.failures.total).toBe(5);
  });
});
