import type { GridProps } from './grid-view.ts';
import type { GridLayout } from './layout.ts';

interface Shown {
  readonly props: GridProps;
  readonly layout: GridLayout;
  readonly first: number;
  readonly end: number;
  readonly offset: number;
}

const REST_MS = 90;

/**
 * The grid for screen readers and tests: one transparent `option` for each cell on show, recycled. It is brought up to
 * date when scrolling rests, because nobody can read it while it flies past.
 */
export class GridOptions {
  readonly #layer: HTMLElement;
  readonly #elements: HTMLElement[] = [];
  #shown: Shown | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #offset = Number.NaN;

  constructor(layer: HTMLElement) {
    this.#layer = layer;
  }

  show(shown: Shown): void {
    const isScrolling = shown.offset !== this.#offset;
    this.#offset = shown.offset;
    this.#shown = shown;
    if (isScrolling) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#sync(), REST_MS);
    } else if (this.#timer === undefined) {
      this.#sync();
    }
  }

  destroy(): void {
    clearTimeout(this.#timer);
  }

  #sync(): void {
    this.#timer = undefined;
    const shown = this.#shown;
    if (shown === undefined) return;
    const { props, layout, first, end, offset } = shown;
    const count = end - first;
    while (this.#elements.length < count) {
      const element = document.createElement('div');
      element.setAttribute('role', 'option');
      element.className = 'grid-option';
      this.#elements.push(element);
      this.#layer.append(element);
    }
    for (const spare of this.#elements.splice(count)) spare.remove();
    for (let at = 0; at < count; at += 1) {
      const element = this.#elements[at];
      if (element === undefined) continue;
      const index = first + at;
      const row = props.row(index);
      const rect = layout.rectOf(index);
      element.id = optionId(index);
      element.dataset['imageId'] = String(row?.id ?? '');
      element.setAttribute('aria-setsize', String(props.count));
      element.setAttribute('aria-posinset', String(index + 1));
      element.setAttribute('aria-selected', String(row !== undefined && props.selected.has(row.id)));
      const label =
        row === undefined
          ? 'Loading'
          : `${row.className}, ${fileOf(row.path)}${row.excluded ? ', excluded' : ''}`;
      if (element.ariaLabel !== label) element.ariaLabel = label;
      if (element.title !== (row?.path ?? '')) element.title = row?.path ?? '';
      element.style.transform = `translate(${rect.x}px, ${rect.y - offset}px)`;
      element.style.width = `${rect.width}px`;
      element.style.height = `${rect.height}px`;
    }
  }
}

/** The id of a cell's option, for aria-activedescendant. */
export function optionId(index: number): string {
  return `grid-option-${index}`;
}

function fileOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
