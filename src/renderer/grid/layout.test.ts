import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GridLayout, type GridShape, MAX_SCROLL_HEIGHT } from './layout.ts';

const shape: GridShape = {
  count: 1000,
  width: 1000,
  height: 600,
  cell: 100,
  gap: 10,
  padding: 20,
  caption: 20,
};

const anyShape = fc.record({
  count: fc.integer({ min: 1, max: 2_000_000 }),
  width: fc.integer({ min: 80, max: 3000 }),
  height: fc.integer({ min: 80, max: 2000 }),
  cell: fc.integer({ min: 40, max: 400 }),
  gap: fc.integer({ min: 0, max: 24 }),
  padding: fc.integer({ min: 0, max: 24 }),
  caption: fc.constantFrom(0, 20),
});

describe('GridLayout', () => {
  it('fills the width with as many cells as fit', () => {
    const layout = new GridLayout(shape);
    expect(layout.columns).toBe(8); // (960 + 10) / 110
    expect(layout.side).toBe(111); // (960 - 70) / 8
    expect(layout.rowHeight).toBe(141);
    expect(layout.contentHeight).toBe(125 * 141 - 10 + 40);
  });

  it('has at least one column and copes with nothing to show', () => {
    expect(new GridLayout({ ...shape, width: 30 }).columns).toBe(1);
    const empty = new GridLayout({ ...shape, count: 0 });
    expect(empty.contentHeight).toBe(0);
    expect(empty.visible(0)).toEqual({ first: 0, end: 0 });
  });

  it('finds each visible cell again at its middle', () => {
    fc.assert(
      fc.property(anyShape, fc.double({ min: 0, max: 1, noNaN: true }), (any, share) => {
        const layout = new GridLayout(any);
        const { first, end } = layout.visible(layout.maxOffset * share);
        for (const index of [first, Math.floor((first + end) / 2), end - 1]) {
          if (index < first || index >= end) continue;
          const rect = layout.rectOf(index);
          expect(layout.indexAt(rect.x + rect.width / 2, rect.y + rect.height / 2)).toBe(index);
        }
      }),
    );
  });

  it('shows exactly the rows that touch the viewport', () => {
    fc.assert(
      fc.property(anyShape, fc.double({ min: 0, max: 1, noNaN: true }), (any, share) => {
        const layout = new GridLayout(any);
        const offset = layout.maxOffset * share;
        const { first, end } = layout.visible(offset);
        expect(end).toBeGreaterThan(first - 1);
        if (first > 0) {
          const before = layout.rectOf(first - 1);
          expect(before.y + before.height).toBeLessThanOrEqual(offset + 1e-6);
        }
        if (end < any.count) expect(layout.rectOf(end).y).toBeGreaterThanOrEqual(offset + any.height - 1e-6);
      }),
    );
  });

  it('reaches the last row of two million images under the limit of browsers', () => {
    const layout = new GridLayout({ ...shape, count: 2_000_000 });
    expect(layout.isScaled).toBe(true);
    expect(layout.scrollHeight).toBe(MAX_SCROLL_HEIGHT);
    const bottom = layout.offsetOfScroll(MAX_SCROLL_HEIGHT - shape.height);
    expect(layout.visible(bottom).end).toBe(2_000_000);
    expect(bottom).toBeCloseTo(layout.maxOffset, 6);
  });

  it('maps scroll positions to offsets and back', () => {
    fc.assert(
      fc.property(anyShape, fc.double({ min: 0, max: 1, noNaN: true }), (any, share) => {
        const layout = new GridLayout(any);
        const offset = layout.maxOffset * share;
        expect(layout.offsetOfScroll(layout.scrollOfOffset(offset))).toBeCloseTo(offset, 4);
      }),
    );
  });

  it('brings a cell into view with the least scrolling', () => {
    const layout = new GridLayout(shape);
    expect(layout.offsetToShow(0, 0)).toBe(0);
    const offset = layout.offsetToShow(999, 0);
    expect(layout.visible(offset).end).toBe(1000);
    expect(layout.offsetToShow(999, offset)).toBe(offset);
    expect(layout.offsetToShow(0, offset)).toBe(0);
  });

  it('moves by keys and stays in the column at the edges', () => {
    const layout = new GridLayout({ ...shape, count: 20 }); // 8 + 8 + 4
    expect(layout.move(3, 'right')).toBe(4);
    expect(layout.move(0, 'left')).toBe(0);
    expect(layout.move(3, 'up')).toBe(3);
    expect(layout.move(3, 'down')).toBe(11);
    expect(layout.move(11, 'down')).toBe(19);
    expect(layout.move(13, 'down')).toBe(13);
    expect(layout.move(5, 'page-down')).toBe(13);
    expect(layout.move(7, 'end')).toBe(19);
    expect(layout.move(7, 'home')).toBe(0);
  });

  it('finds the runs under a rectangle', () => {
    const layout = new GridLayout(shape);
    const a = layout.rectOf(9);
    const b = layout.rectOf(18);
    const rect = { x: a.x + 5, y: a.y + 5, width: b.x - a.x, height: b.y - a.y };
    expect(layout.runsIn(rect)).toEqual([
      { first: 9, end: 11 },
      { first: 17, end: 19 },
    ]);
    expect(layout.runsIn({ x: 0, y: 0, width: 1000, height: 200 })).toEqual([{ first: 0, end: 16 }]);
    expect(layout.runsIn({ x: 0, y: 0, width: 5, height: 5 })).toEqual([]);
  });
});
