/**
 * Where the cells of an endless grid lie. Pure arithmetic: knows nothing of the DOM, of images or of scrolling devices.
 *
 * Two vertical scales: the content's own (`content`, as high as all rows together) and the scroll bar's (`scroll`).
 * They are the same until the content is higher than browsers can lay out; from there one scroll pixel stands for more.
 */
export interface GridShape {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  /** The side that a cell should have; cells grow a little so that rows fill the width. */
  readonly cell: number;
  readonly gap: number;
  readonly padding: number;
  /** Height of the line of text under each picture; 0 for none. */
  readonly caption: number;
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Move = 'left' | 'right' | 'up' | 'down' | 'page-up' | 'page-down' | 'home' | 'end';

/** Chromium lays out up to 2^25 pixels; Firefox about 17.9 million. */
export const MAX_SCROLL_HEIGHT = 16_000_000;

export class GridLayout {
  readonly shape: GridShape;
  readonly columns: number;
  readonly rows: number;
  /** Side of the square picture, in pixels. */
  readonly side: number;
  readonly rowHeight: number;
  readonly contentHeight: number;
  readonly scrollHeight: number;

  constructor(shape: GridShape) {
    this.shape = shape;
    const inner = Math.max(1, shape.width - 2 * shape.padding);
    this.columns = Math.max(1, Math.floor((inner + shape.gap) / (shape.cell + shape.gap)));
    this.side = Math.max(1, Math.floor((inner - (this.columns - 1) * shape.gap) / this.columns));
    this.rows = Math.ceil(shape.count / this.columns);
    this.rowHeight = this.side + shape.caption + shape.gap;
    this.contentHeight = this.rows === 0 ? 0 : this.rows * this.rowHeight - shape.gap + 2 * shape.padding;
    this.scrollHeight = Math.min(this.contentHeight, MAX_SCROLL_HEIGHT);
  }

  get isScaled(): boolean {
    return this.contentHeight > this.scrollHeight;
  }

  /** The largest content offset of the viewport's top edge. */
  get maxOffset(): number {
    return Math.max(0, this.contentHeight - this.shape.height);
  }

  get #maxScroll(): number {
    return Math.max(0, this.scrollHeight - this.shape.height);
  }

  clamp(offset: number): number {
    return Math.min(this.maxOffset, Math.max(0, offset));
  }

  /** Content offset that a scroll position stands for. */
  offsetOfScroll(scrollTop: number): number {
    if (!this.isScaled) return this.clamp(scrollTop);
    return this.clamp((scrollTop / this.#maxScroll) * this.maxOffset);
  }

  scrollOfOffset(offset: number): number {
    if (!this.isScaled) return this.clamp(offset);
    return (this.clamp(offset) / this.maxOffset) * this.#maxScroll;
  }

  /** The cells that a viewport at `offset` touches, with `overscan` pixels around: first <= index < end. */
  visible(offset: number, overscan = 0): { readonly first: number; readonly end: number } {
    const top = offset - this.shape.padding - overscan;
    const bottom = offset + this.shape.height - this.shape.padding + overscan;
    const firstRow = Math.min(this.rows, Math.max(0, Math.floor(top / this.rowHeight)));
    const endRow = Math.min(this.rows, Math.max(firstRow, Math.ceil(bottom / this.rowHeight)));
    return {
      first: Math.min(this.shape.count, firstRow * this.columns),
      end: Math.min(this.shape.count, endRow * this.columns),
    };
  }

  /** The whole cell, picture and caption, in content coordinates. */
  rectOf(index: number): Rect {
    const { gap, padding, caption } = this.shape;
    return {
      x: padding + (index % this.columns) * (this.side + gap),
      y: padding + Math.floor(index / this.columns) * this.rowHeight,
      width: this.side,
      height: this.side + caption,
    };
  }

  /** The cell at a point in content coordinates; null in a gap or past the end. */
  indexAt(x: number, y: number): number | null {
    const { gap, padding, caption, count } = this.shape;
    const column = Math.floor((x - padding) / (this.side + gap));
    const row = Math.floor((y - padding) / this.rowHeight);
    if (column < 0 || column >= this.columns || row < 0) return null;
    if (x - padding - column * (this.side + gap) > this.side) return null;
    if (y - padding - row * this.rowHeight > this.side + caption) return null;
    const index = row * this.columns + column;
    return index < count ? index : null;
  }

  /** Runs of consecutive cells that a rectangle touches, one a row (or one in all where it is as wide as the grid). */
  runsIn(rect: Rect): readonly { readonly first: number; readonly end: number }[] {
    const { gap, padding, count } = this.shape;
    const step = this.side + gap;
    const firstColumn = Math.max(0, Math.ceil((rect.x - padding - this.side) / step));
    const lastColumn = Math.min(this.columns - 1, Math.floor((rect.x + rect.width - padding) / step));
    const firstRow = Math.max(0, Math.ceil((rect.y - padding - this.rowHeight + gap) / this.rowHeight));
    const lastRow = Math.min(this.rows - 1, Math.floor((rect.y + rect.height - padding) / this.rowHeight));
    if (lastColumn < firstColumn || lastRow < firstRow) return [];
    if (firstColumn === 0 && lastColumn === this.columns - 1) {
      return [{ first: firstRow * this.columns, end: Math.min(count, (lastRow + 1) * this.columns) }];
    }
    const runs = [];
    for (let row = firstRow; row <= lastRow; row += 1) {
      const first = row * this.columns + firstColumn;
      const end = Math.min(count, row * this.columns + lastColumn + 1);
      if (first < end) runs.push({ first, end });
    }
    return runs;
  }

  /** The least scrolling that brings a cell wholly into view. */
  offsetToShow(index: number, offset: number): number {
    const { y, height } = this.rectOf(index);
    const { padding } = this.shape;
    if (y - padding < offset) return this.clamp(y - padding);
    if (y + height + padding > offset + this.shape.height)
      return this.clamp(y + height + padding - this.shape.height);
    return offset;
  }

  /** Where a key leads from a cell. */
  move(index: number, move: Move): number {
    const last = this.shape.count - 1;
    const page = Math.max(1, Math.floor(this.shape.height / this.rowHeight)) * this.columns;
    const step = {
      left: -1,
      right: 1,
      up: -this.columns,
      down: this.columns,
      'page-up': -page,
      'page-down': page,
    };
    if (move === 'home') return 0;
    if (move === 'end') return last;
    const to = index + step[move];
    const isVertical = move !== 'left' && move !== 'right';
    // Up from the first row and down from the last stay in the column.
    if (isVertical && to < 0) return index % this.columns;
    if (isVertical && to > last) {
      const sameColumn = (this.rows - 1) * this.columns + (index % this.columns);
      return sameColumn > last ? Math.max(index, sameColumn - this.columns) : sameColumn;
    }
    return Math.min(last, Math.max(0, to));
  }
}
