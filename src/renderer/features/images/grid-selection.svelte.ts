import type { App } from '../../state/app.svelte.ts';
import { NO_SELECTION, selectionOf, toggled, withAdded } from '../../state/selection.ts';
import type { ImagesState } from './images-state.svelte.ts';

/** One edit takes at most this many images. */
export const MOST_SELECTED = 100_000;

/** Choosing images in the grid by mouse and keys. Keeps the shared selection and the inspector in step. */
export class GridSelection {
  /** The cell with the keyboard's focus. */
  focusIndex = $state<number | null>(null);
  /** Where a range by Shift begins. */
  #anchor = 0;
  readonly #app: App;
  readonly #images: ImagesState;

  constructor(app: App, images: ImagesState) {
    this.#app = app;
    this.#images = images;
    // Another result begins without a focus; a newer state of the same keeps its place.
    $effect(() => {
      void images.shownView;
      this.focusIndex = null;
      this.#anchor = 0;
    });
  }

  /** A press on a cell, or beside all cells. */
  async press(index: number | null, keys: { shift: boolean; ctrl: boolean }): Promise<void> {
    if (index === null) {
      if (!keys.ctrl && !keys.shift) this.clear();
      return;
    }
    this.focusIndex = index;
    if (keys.shift) return await this.#range(index, keys.ctrl);
    this.#anchor = index;
    const [id] = await this.#images.idsOf(index, index + 1);
    if (id === undefined) return;
    this.#app.studio.selection = keys.ctrl ? toggled(this.#app.studio.selection, id) : selectionOf([id]);
    this.#app.studio.inspect(id);
  }

  /** The focus moves by a key; Shift takes along what lies between. */
  async move(to: number, keys: { shift: boolean }): Promise<void> {
    if (to < 0 || to >= this.#images.rows.count) return;
    await this.press(to, { shift: keys.shift, ctrl: false });
  }

  /** Another image came into view elsewhere (the large viewer): a single selection goes along, several stay. */
  follow(index: number, imageId: number): void {
    this.focusIndex = index;
    this.#anchor = index;
    if (this.#app.studio.selection.ids.size <= 1) this.#app.studio.selection = selectionOf([imageId]);
  }

  /** A rectangle drawn by dragging. */
  async band(runs: readonly { first: number; end: number }[], keys: { ctrl: boolean }): Promise<void> {
    const ids: number[] = [];
    for (const run of runs)
      ids.push(...(await this.#images.idsOf(run.first, Math.min(run.end, run.first + MOST_SELECTED))));
    const { studio } = this.#app;
    studio.selection = keys.ctrl ? withAdded(studio.selection, ids) : selectionOf(ids);
    const last = ids.at(-1);
    if (last !== undefined) studio.inspect(last);
  }

  async toggleFocused(): Promise<void> {
    if (this.focusIndex !== null) await this.press(this.focusIndex, { shift: false, ctrl: true });
  }

  async all(): Promise<void> {
    const { count } = this.#images.rows;
    const ids = await this.#images.idsOf(0, Math.min(count, MOST_SELECTED));
    this.#app.studio.selection = selectionOf(ids);
    if (count > MOST_SELECTED) {
      this.#app.toasts.show({
        message: 'The first 100,000 images are selected: that is the most that one change may touch.',
      });
    }
  }

  clear(): void {
    this.#app.studio.selection = NO_SELECTION;
  }

  async #range(to: number, add: boolean): Promise<void> {
    const first = Math.min(this.#anchor, to);
    const end = Math.min(Math.max(this.#anchor, to) + 1, first + MOST_SELECTED);
    const ids = await this.#images.idsOf(first, end);
    const { studio } = this.#app;
    studio.selection = add ? withAdded(studio.selection, ids) : selectionOf(ids);
    const focused = to === first ? ids[0] : ids.at(-1);
    if (focused !== undefined) studio.inspect(focused);
  }
}
