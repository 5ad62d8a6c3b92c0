import { describe, expect, it, vi } from 'vitest';
import { Thumbnails } from './thumbnails.ts';

const SIDE = 16;
const BYTES = SIDE * SIDE * 4;

function setUp(options: { budgetBytes?: number; parallel?: number } = {}) {
  const closed: number[] = [];
  const waiting = new Map<
    number,
    { resolve: (bitmap: ImageBitmap) => void; reject: (cause: unknown) => void; signal: AbortSignal }
  >();
  const thumbnails = new Thumbnails({
    load: (imageId, _pixels, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('gone', 'AbortError')));
        waiting.set(imageId, { resolve, reject, signal });
      }),
    now: () => 5,
    ...options,
  });
  const bitmapOf = (id: number) =>
    ({ width: SIDE, height: SIDE, close: () => closed.push(id) }) as unknown as ImageBitmap;
  const arrive = async (id: number) => {
    waiting.get(id)?.resolve(bitmapOf(id));
    await vi.waitFor(() => expect(thumbnails.get(id)).toBeDefined());
  };
  return { thumbnails, waiting, arrive, closed };
}

describe('Thumbnails', () => {
  it('loads the first wanted first, a few at once', async () => {
    const { thumbnails, waiting, arrive } = setUp({ parallel: 2 });
    thumbnails.want([1, 2, 3], 100);
    expect([...waiting.keys()]).toEqual([1, 2]);
    await arrive(1);
    await vi.waitFor(() => expect([...waiting.keys()]).toEqual([1, 2, 3]));
    expect(thumbnails.get(1)?.arrivedAt).toBe(5);
  });

  it('cancels what is no longer wanted', () => {
    const { thumbnails, waiting } = setUp();
    thumbnails.want([1], 100);
    thumbnails.want([2], 100);
    expect(waiting.get(1)?.signal.aborted).toBe(true);
    expect(waiting.get(2)?.signal.aborted).toBe(false);
  });

  it('stays in its budget, never drops what is on show, and frees what it drops', async () => {
    const { thumbnails, arrive, closed } = setUp({ budgetBytes: 2 * BYTES });
    thumbnails.want([1, 2], 100);
    await arrive(1);
    await arrive(2);
    thumbnails.want([2, 3], 100);
    await arrive(3);
    expect(thumbnails.get(1)).toBeUndefined();
    expect(thumbnails.get(2)).toBeDefined();
    expect(closed).toEqual([1]);
    expect(thumbnails.sizeBytes).toBe(2 * BYTES);
  });

  it('remembers a failure instead of asking for ever', async () => {
    const { thumbnails, waiting } = setUp();
    thumbnails.want([1], 100);
    waiting.get(1)?.reject(new Error('HTTP 404'));
    await vi.waitFor(() => expect(thumbnails.hasFailed(1)).toBe(true));
    waiting.clear();
    thumbnails.want([1], 100);
    expect(waiting.size).toBe(0);
    thumbnails.clear();
    thumbnails.want([1], 100);
    expect(waiting.size).toBe(1);
  });

  it('starts again when pictures are drawn at another size', async () => {
    const { thumbnails, arrive, waiting } = setUp();
    thumbnails.want([1], 100);
    await arrive(1);
    waiting.clear();
    thumbnails.want([1], 300);
    expect([...waiting.keys()]).toEqual([1]);
  });
});
