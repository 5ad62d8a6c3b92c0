import type { GridLayout } from './layout.ts';

/**
 * Turns the browser's scroll bar into a content offset and back. While the content is taller than browsers can lay out,
 * the wheel moves the offset itself, so that a notch is as far as anywhere else; the bar then only says where one is.
 */
export class GridScroller {
  readonly #host: HTMLElement;
  readonly #spacer = document.createElement('div');
  readonly #changed: () => void;
  #layout: GridLayout | undefined;
  #offset = 0;
  /** The scroll position that the offset stands for: its event says nothing new. */
  #knownScroll = 0;

  constructor(host: HTMLElement, layer: HTMLElement, changed: () => void) {
    this.#host = host;
    this.#changed = changed;
    this.#spacer.className = 'grid-spacer';
    this.#spacer.setAttribute('role', 'none');
    layer.setAttribute('role', 'none');
    this.#spacer.append(layer);
    host.append(this.#spacer);
    host.addEventListener('scroll', this.#onScroll, { passive: true });
    host.addEventListener('wheel', this.#onWheel, { passive: false });
  }

  get offset(): number {
    return this.#offset;
  }

  setLayout(layout: GridLayout): void {
    // Somebody may have scrolled in the same frame: that counts under the old layout.
    this.#takeScroll();
    this.#layout = layout;
    this.#spacer.style.height = `${Math.max(layout.scrollHeight, layout.shape.height)}px`;
    this.scrollTo(this.#offset);
  }

  scrollTo(offset: number): void {
    const layout = this.#layout;
    if (layout === undefined) return;
    this.#offset = layout.clamp(offset);
    const scroll = Math.round(layout.scrollOfOffset(this.#offset));
    if (Math.abs(this.#host.scrollTop - scroll) >= 1) {
      this.#host.scrollTop = scroll;
      this.#knownScroll = this.#host.scrollTop;
    }
    this.#changed();
  }

  destroy(): void {
    this.#host.removeEventListener('scroll', this.#onScroll);
    this.#host.removeEventListener('wheel', this.#onWheel);
  }

  #takeScroll(): boolean {
    const { scrollTop } = this.#host;
    if (this.#layout === undefined || Math.abs(scrollTop - this.#knownScroll) < 0.5) return false;
    this.#knownScroll = scrollTop;
    this.#offset = this.#layout.offsetOfScroll(scrollTop);
    return true;
  }

  readonly #onScroll = (): void => {
    if (this.#takeScroll()) this.#changed();
  };

  readonly #onWheel = (event: WheelEvent): void => {
    const layout = this.#layout;
    if (layout === undefined || !layout.isScaled || event.ctrlKey) return;
    event.preventDefault();
    const unit =
      event.deltaMode === WheelEvent.DOM_DELTA_LINE
        ? 40
        : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
          ? layout.shape.height
          : 1;
    this.scrollTo(this.#offset + event.deltaY * unit);
  };
}
