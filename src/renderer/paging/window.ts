export interface Span {
  /** First index to draw. */
  readonly from: number;
  /** One past the last. */
  readonly to: number;
}

/** Which rows of equal size a scrolled view has to draw, with some above and below. */
export function visibleSpan(scroll: number, viewport: number, size: number, count: number, spare = 4): Span {
  if (count === 0 || size <= 0) return { from: 0, to: 0 };
  const from = Math.min(count, Math.max(0, Math.floor(scroll / size) - spare));
  const to = Math.min(count, Math.ceil((scroll + viewport) / size) + spare);
  return { from, to: Math.max(from, to) };
}

/** The scroll position that shows row `index` whole with the least movement. */
export function scrollToShow(index: number, scroll: number, viewport: number, size: number): number {
  const start = index * size;
  if (start < scroll) return start;
  if (start + size > scroll + viewport) return start + size - viewport;
  return scroll;
}
