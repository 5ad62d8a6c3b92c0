import { describe, expect, it, vi } from 'vitest';
import { Segments } from './segments.ts';

interface Asked {
  readonly offset: number;
  readonly signal: AbortSignal;
  readonly answer: () => void;
  readonly fail: (cause: unknown) => void;
}

function setUp(options: { keep?: number; parallel?: number } = {}) {
  const asked: Asked[] = [];
  const onLoaded = vi.fn();
  const onError = vi.fn();
  const segments = new Segments<number>(
    {
      count: 1_000_000,
      load: (offset, limit, signal) =>
        new Promise((resolve, reject) => {
          const answer = () => resolve(Array.from({ length: limit }, (_, index) => offset + index));
          signal.addEventListener('abort', () => reject(new DOMException('gone', 'AbortError')));
          asked.push({ offset, signal, answer, fail: reject });
        }),
    },
    { size: 200, onLoaded, onError, ...options },
  );
  const answerAll = async () => {
    for (const request of asked.splice(0)) request.answer();
    await vi.waitFor(() => expect(onLoaded).toHaveBeenCalled());
  };
  return { segments, asked, onLoaded, onError, answerAll };
}

describe('Segments', () => {
  it('reads each segment once', async () => {
    const { segments, asked, answerAll } = setUp();
    segments.want(150, 250);
    segments.want(150, 260);
    expect(asked.map((request) => request.offset)).toEqual([0, 200]);
    await answerAll();
    expect(segments.row(199)).toBe(199);
    expect(segments.row(200)).toBe(200);
    segments.want(0, 400);
    expect(asked).toEqual([]);
  });

  it('cancels what was scrolled past, without calling that an error', async () => {
    const { segments, asked, onError, answerAll } = setUp();
    segments.want(0, 100);
    segments.want(100_000, 100_100);
    expect(asked[0]?.signal.aborted).toBe(true);
    expect(asked[1]?.offset).toBe(100_000);
    await answerAll();
    expect(segments.row(0)).toBeUndefined();
    expect(segments.row(100_000)).toBe(100_000);
    expect(onError).not.toHaveBeenCalled();
  });

  it('runs a few requests at once and then the next', async () => {
    const { segments, asked, answerAll } = setUp({ parallel: 2 });
    segments.want(0, 800);
    expect(asked.length).toBe(2);
    await answerAll();
    await vi.waitFor(() => expect(asked.map((request) => request.offset)).toEqual([400, 600]));
  });

  it('forgets the segments used longest ago', async () => {
    const { segments, answerAll } = setUp({ keep: 2, parallel: 4 });
    segments.want(0, 400);
    await answerAll();
    await vi.waitFor(() => expect(segments.row(399)).toBe(399));
    segments.want(0, 100);
    segments.want(400, 600);
    await answerAll();
    await vi.waitFor(() => expect(segments.row(400)).toBe(400));
    expect(segments.row(0)).toBe(0);
    expect(segments.row(200)).toBeUndefined();
  });

  it('tells errors and asks again when the rows are wanted again', async () => {
    const { segments, asked, onError } = setUp();
    segments.want(0, 10);
    asked[0]?.fail(new Error('expired'));
    await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce());
    segments.want(0, 10);
    expect(asked.length).toBe(2);
  });

  it('asks for nothing once closed', () => {
    const { segments, asked } = setUp();
    segments.want(0, 10);
    segments.close();
    segments.want(0, 1000);
    expect(asked.length).toBe(1);
    expect(asked[0]?.signal.aborted).toBe(true);
  });
});
