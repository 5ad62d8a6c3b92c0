import { describe, expect, it } from 'vitest';
import { PagedList } from './paged-list.svelte.ts';
import { scrollToShow, visibleSpan } from './window.ts';

function numbers(total: number): {
  calls: number[];
  load: (offset: number, limit: number) => Promise<{ total: number; rows: number[] }>;
} {
  const calls: number[] = [];
  return {
    calls,
    load: (offset, limit) => {
      calls.push(offset);
      const rows = Array.from(
        { length: Math.max(0, Math.min(limit, total - offset)) },
        (_, row) => offset + row,
      );
      return Promise.resolve({ total, rows });
    },
  };
}

describe('a list that is read page by page', () => {
  it('asks for each page once, and only for pages that are there', async () => {
    const source = numbers(25);
    const list = new PagedList<number>(source.load, 10);
    await Promise.all([list.need({ from: 0, to: 5 }), list.need({ from: 3, to: 10 })]);
    await list.need({ from: 8, to: 40 });
    expect(source.calls).toEqual([0, 10, 20]);
    expect([list.total, list.at(0), list.at(24), list.at(25)]).toEqual([25, 0, 24, undefined]);
  });

  it('lets everyone who needs a page wait for the one answer', async () => {
    const source = numbers(5);
    const list = new PagedList<number>(source.load, 10);
    void list.need({ from: 0, to: 1 });
    await list.need({ from: 0, to: 1 });
    expect([source.calls, list.at(0)]).toEqual([[0], 0]);
  });

  it('keeps old rows while it reads again, then drops those that are gone', async () => {
    let total = 12;
    const list = new PagedList<number>((offset, limit) => numbers(total).load(offset, limit), 10);
    await list.need({ from: 0, to: 12 });
    total = 3;
    const reloading = list.reload({ from: 0, to: 10 });
    expect(list.at(5)).toBe(5);
    await reloading;
    expect([list.total, list.at(2), list.at(5)]).toEqual([3, 2, undefined]);
  });

  it('says why a page failed and asks for it again later', async () => {
    let broken = true;
    const list = new PagedList<number>((offset, limit) =>
      broken ? Promise.reject(new Error('gone')) : numbers(5).load(offset, limit),
    );
    await list.need({ from: 0, to: 1 });
    expect(list.error).toEqual(new Error('gone'));
    broken = false;
    await list.need({ from: 0, to: 1 });
    expect([list.error, list.at(4)]).toEqual([null, 4]);
  });

  it('ignores the answer of a page that was asked before a reload', async () => {
    const answers: ((page: { total: number; rows: number[] }) => void)[] = [];
    const list = new PagedList<number>(() => new Promise((resolve) => answers.push(resolve)), 10);
    const first = list.need({ from: 0, to: 1 });
    const second = list.reload();
    answers[1]?.({ total: 1, rows: [2] });
    answers[0]?.({ total: 1, rows: [1] });
    await Promise.all([first, second]);
    expect(list.at(0)).toBe(2);
  });
});

describe('what a scrolled view draws', () => {
  it('covers the viewport with some to spare, inside the list', () => {
    expect(visibleSpan(0, 100, 10, 1000, 2)).toEqual({ from: 0, to: 12 });
    expect(visibleSpan(505, 100, 10, 1000, 2)).toEqual({ from: 48, to: 63 });
    expect(visibleSpan(9950, 100, 10, 1000, 2)).toEqual({ from: 993, to: 1000 });
    expect(visibleSpan(0, 100, 10, 0)).toEqual({ from: 0, to: 0 });
  });

  it('moves as little as it must', () => {
    expect(scrollToShow(3, 0, 100, 10)).toBe(0);
    expect(scrollToShow(12, 0, 100, 10)).toBe(30);
    expect(scrollToShow(2, 50, 100, 10)).toBe(20);
  });
});
