import type { GridEvents } from './grid-view.ts';
import type { Rect } from './layout.ts';

interface Needs extends GridEvents {
  /** The cell at a point of the viewport. */
  readonly locate: (x: number, y: number) => number | null;
  readonly contentY: (y: number) => number;
  readonly runsIn: (rect: Rect) => readonly { first: number; end: number }[];
  readonly scrollBy: (by: number) => void;
  readonly changed: () => void;
}

const DRAG_FROM = 5;
const EDGE = 28;

/** Mouse and pen on the grid: press, open by double click, and a rectangle by dragging that scrolls at the edges. */
export class GridPointer {
  readonly #host: HTMLElement;
  readonly #needs: Needs;
  /** Where the drag began, in content coordinates. */
  #start: {
    readonly x: number;
    readonly y: number;
    readonly screenX: number;
    readonly screenY: number;
  } | null = null;
  #last = { x: 0, y: 0 };
  #isDragging = false;
  #frame = 0;

  constructor(host: HTMLElement, needs: Needs) {
    this.#host = host;
    this.#needs = needs;
    host.addEventListener('pointerdown', this.#onDown);
    host.addEventListener('pointermove', this.#onMove);
    host.addEventListener('pointerup', this.#onUp);
    host.addEventListener('pointercancel', this.#onCancel);
    host.addEventListener('dblclick', this.#onDoubleClick);
  }

  /** The rectangle that is being drawn, in content coordinates. */
  get band(): Rect | null {
    if (this.#start === null || !this.#isDragging) return null;
    const y = this.#needs.contentY(this.#last.y);
    return {
      x: Math.min(this.#start.x, this.#last.x),
      y: Math.min(this.#start.y, y),
      width: Math.abs(this.#last.x - this.#start.x),
      height: Math.abs(y - this.#start.y),
    };
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#host.removeEventListener('pointerdown', this.#onDown);
    this.#host.removeEventListener('pointermove', this.#onMove);
    this.#host.removeEventListener('pointerup', this.#onUp);
    this.#host.removeEventListener('pointercancel', this.#onCancel);
    this.#host.removeEventListener('dblclick', this.#onDoubleClick);
  }

  #pointOf(event: MouseEvent): { x: number; y: number } {
    const box = this.#host.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  readonly #onDown = (event: PointerEvent): void => {
    const { x, y } = this.#pointOf(event);
    // The scroll bar is the browser's own.
    if (event.button !== 0 || x > this.#host.clientWidth) return;
    this.#last = { x, y };
    if (event.pointerType !== 'touch') {
      this.#start = { x, y: this.#needs.contentY(y), screenX: x, screenY: y };
      this.#host.setPointerCapture(event.pointerId);
    }
    this.#needs.onPress(this.#needs.locate(x, y), {
      shift: event.shiftKey,
      ctrl: event.ctrlKey || event.metaKey,
    });
  };

  readonly #onMove = (event: PointerEvent): void => {
    if (this.#start === null) return;
    this.#last = this.#pointOf(event);
    const far = Math.hypot(this.#last.x - this.#start.screenX, this.#last.y - this.#start.screenY);
    if (!this.#isDragging && far < DRAG_FROM) return;
    if (!this.#isDragging) this.#tick();
    this.#isDragging = true;
    this.#needs.changed();
  };

  readonly #onUp = (event: PointerEvent): void => {
    const band = this.band;
    this.#onCancel();
    if (band !== null)
      this.#needs.onBand(this.#needs.runsIn(band), {
        ctrl: event.ctrlKey || event.metaKey || event.shiftKey,
      });
  };

  readonly #onCancel = (): void => {
    cancelAnimationFrame(this.#frame);
    this.#start = null;
    this.#isDragging = false;
    this.#needs.changed();
  };

  readonly #onDoubleClick = (event: MouseEvent): void => {
    const { x, y } = this.#pointOf(event);
    const index = this.#needs.locate(x, y);
    if (index !== null) this.#needs.onOpen(index);
  };

  /** While the pointer is held at an edge the grid moves on. */
  #tick(): void {
    this.#frame = requestAnimationFrame(() => {
      const height = this.#host.clientHeight;
      const over = Math.min(0, this.#last.y - EDGE) + Math.max(0, this.#last.y - height + EDGE);
      if (over !== 0) this.#needs.scrollBy(over * 0.4);
      if (this.#start !== null) this.#tick();
    });
  }
}
