import type { ImageRow } from '../../shared/domain/dataset.ts';
import { GridLayout, type Rect } from './layout.ts';
import { GridOptions } from './options-layer.ts';
import { GridPainter } from './painter.ts';
import { readPalette } from './palette.ts';
import { GridPointer } from './pointer.ts';
import { GridScroller } from './scroller.ts';
import type { Thumbnails } from './thumbnails.ts';

/** What a grid draws. A new object with every change; equal parts cost nothing. */
export interface GridProps {
  readonly count: number;
  readonly row: (index: number) => ImageRow | undefined;
  /** The rows on show, so that they can be read. */
  readonly want: (first: number, end: number) => void;
  readonly cell: number;
  readonly selected: ReadonlySet<number>;
  readonly focusIndex: number | null;
  readonly dark: boolean;
}

export interface GridEvents {
  readonly onPress: (index: number | null, keys: { readonly shift: boolean; readonly ctrl: boolean }) => void;
  readonly onOpen: (index: number) => void;
  /** A rectangle drawn by dragging: runs of cells, first <= index < end. */
  readonly onBand: (
    runs: readonly { first: number; end: number }[],
    keys: { readonly ctrl: boolean },
  ) => void;
}

const GAP = 8;
const PADDING = 12;
const CAPTION = 20;
/** Below this side there is no room for a caption that says anything. */
const CAPTION_FROM = 88;

/**
 * A grid of pictures that stays smooth at a million: one canvas as large as the viewport, drawn once a frame, over it a
 * thin layer of transparent options for screen readers. Framework-free: `setProps`, `destroy`.
 */
export class GridView {
  readonly #host: HTMLElement;
  readonly #thumbnails: Thumbnails;
  readonly #canvas = document.createElement('canvas');
  readonly #layer = document.createElement('div');
  readonly #scroller: GridScroller;
  readonly #options: GridOptions;
  readonly #pointer: GridPointer;
  readonly #resize: ResizeObserver;
  #painter: GridPainter | undefined;
  #props: GridProps | undefined;
  #layout = new GridLayout({
    count: 0,
    width: 1,
    height: 1,
    cell: 1,
    gap: GAP,
    padding: PADDING,
    caption: 0,
  });
  #frame = 0;

  constructor(host: HTMLElement, thumbnails: Thumbnails, events: GridEvents) {
    this.#host = host;
    this.#thumbnails = thumbnails;
    this.#canvas.setAttribute('aria-hidden', 'true');
    this.#layer.className = 'grid-layer';
    this.#options = new GridOptions(this.#layer);
    this.#layer.prepend(this.#canvas);
    this.#scroller = new GridScroller(host, this.#layer, () => this.#schedule());
    this.#pointer = new GridPointer(host, {
      ...events,
      locate: (x, y) => this.#layout.indexAt(x, y + this.#scroller.offset),
      contentY: (y) => y + this.#scroller.offset,
      runsIn: (rect) => this.#layout.runsIn(rect),
      scrollBy: (by) => this.#scroller.scrollTo(this.#scroller.offset + by),
      changed: () => this.#schedule(),
    });
    thumbnails.onChange = () => this.#schedule();
    this.#resize = new ResizeObserver(() => this.#relayout());
    this.#resize.observe(host);
  }

  get layout(): GridLayout {
    return this.#layout;
  }

  setProps(props: GridProps): void {
    const before = this.#props;
    this.#props = props;
    if (before === undefined || before.dark !== props.dark) this.#makePainter(props.dark);
    if (before?.count !== props.count || before.cell !== props.cell) this.#relayout();
    this.#schedule();
  }

  /** Draws again: rows have arrived. */
  refresh(): void {
    this.#schedule();
  }

  /** Scrolls as little as needed to show a cell. */
  reveal(index: number): void {
    this.#scroller.scrollTo(this.#layout.offsetToShow(index, this.#scroller.offset));
  }

  scrollToTop(): void {
    this.#scroller.scrollTo(0);
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#resize.disconnect();
    this.#scroller.destroy();
    this.#pointer.destroy();
    this.#options.destroy();
    this.#thumbnails.onChange = () => undefined;
    this.#host.replaceChildren();
  }

  #makePainter(dark: boolean): void {
    const context = this.#canvas.getContext('2d');
    if (context === null) return;
    const fade = !matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#painter = new GridPainter(context, readPalette(this.#host, dark), { fade });
  }

  /** Keeps the first cell on show in place when the size of cells or of the window changes. */
  #relayout(): void {
    const props = this.#props;
    if (props === undefined) return;
    const { first } = this.#layout.visible(this.#scroller.offset);
    const width = this.#host.clientWidth;
    const height = this.#host.clientHeight;
    const caption = props.cell >= CAPTION_FROM ? CAPTION : 0;
    const layout = new GridLayout({
      count: props.count,
      width,
      height,
      cell: props.cell,
      gap: GAP,
      padding: PADDING,
      caption,
    });
    const isReshaped = layout.columns !== this.#layout.columns || layout.rowHeight !== this.#layout.rowHeight;
    this.#layout = layout;
    const ratio = devicePixelRatio;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${height}px`;
    this.#scroller.setLayout(layout);
    if (isReshaped && first > 0 && first < props.count)
      this.#scroller.scrollTo(layout.rectOf(first).y - PADDING);
    this.#draw();
  }

  #schedule(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const props = this.#props;
    const context = this.#canvas.getContext('2d');
    if (props === undefined || context === null || this.#painter === undefined) return;
    const layout = this.#layout;
    const { offset } = this.#scroller;
    const { first, end } = layout.visible(offset);
    const ratio = devicePixelRatio;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, layout.shape.width, layout.shape.height);
    const now = performance.now();
    const isFocusShown = this.#host.matches(':focus-visible') || this.#host.matches(':focus');
    const wanted: number[] = [];
    let isFading = false;
    for (let index = first; index < end; index += 1) {
      const row = props.row(index);
      if (row !== undefined) wanted.push(row.id);
      const look = {
        row,
        thumbnail: row && this.#thumbnails.get(row.id),
        failed: row !== undefined && this.#thumbnails.hasFailed(row.id),
        selected: row !== undefined && props.selected.has(row.id),
        focused: isFocusShown && index === props.focusIndex,
        caption: layout.shape.caption,
      };
      isFading = this.#painter.drawCell(this.#onScreen(layout.rectOf(index)), look, now) || isFading;
    }
    const band = this.#pointer.band;
    if (band !== null) this.#painter.drawBand(this.#onScreen(band));
    props.want(first, end);
    this.#thumbnails.want(this.#withAhead(wanted, props, end), layout.side * ratio);
    this.#options.show({ props, layout, first, end, offset });
    if (isFading) this.#schedule();
  }

  /** The next two rows' pictures are loaded too, after those on show. */
  #withAhead(wanted: number[], props: GridProps, end: number): readonly number[] {
    for (let index = end; index < Math.min(props.count, end + 2 * this.#layout.columns); index += 1) {
      const row = props.row(index);
      if (row !== undefined) wanted.push(row.id);
    }
    return wanted;
  }

  #onScreen(rect: Rect): Rect {
    return { ...rect, y: rect.y - this.#scroller.offset };
  }
}
