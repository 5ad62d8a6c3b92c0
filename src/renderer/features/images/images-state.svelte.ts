import { untrack } from 'svelte';
import type { ImageRow } from '../../../shared/domain/dataset.ts';
import type { Failure } from '../../../shared/domain/job.ts';
import { Segments } from '../../grid/segments.ts';
import type { App } from '../../state/app.svelte.ts';
import { isCancelled, toFailure } from '../../state/failure.ts';
import { type ImageView, isFiltered, queryOf, type Sort } from './filter.ts';

const NOTHING = new Segments<ImageRow>({ count: 0, load: () => Promise.resolve([]) });
/** Rows read before a new result replaces the old one, so that the grid does not blink. */
const FIRST_ROWS = 200;
const SEARCH_PAUSE_MS = 160;

/** The result that the Images room shows: a query fixed in the engine, its rows read in segments. */
export class ImagesState {
  tags = $state.raw<readonly string[]>([]);
  excluded = $state<ImageView['excluded']>('show');
  duplicates = $state<ImageView['duplicates']>('off');
  part = $state.raw<ImageView['part']>(null);
  sort = $state<Sort>('class');
  descending = $state(false);

  rows = $state.raw<Segments<ImageRow>>(NOTHING);
  queryId = $state<string | null>(null);
  /** Grows when rows arrive. */
  version = $state(0);
  loading = $state(true);
  error = $state.raw<Failure | undefined>();
  /** Grows when another result, not a newer state of the same one, is shown: the grid then starts at the top. */
  shownView = $state(0);
  #attempt = $state(0);
  #words = $state('');
  #lastAsked = '';
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
    this.#words = app.studio.search;
    $effect(() => this.#followSearch());
    $effect(() => this.#followQuery());
    $effect(() => () => this.rows.close());
  }

  get view(): ImageView {
    return {
      search: this.#words,
      classIds: this.#app.studio.classIds,
      tags: this.tags,
      excluded: this.excluded,
      duplicates: this.duplicates,
      part: this.part,
      sort: this.sort,
      descending: this.descending,
    };
  }

  get isFiltered(): boolean {
    return isFiltered(this.view);
  }

  clearFilters(): void {
    this.#app.studio.search = '';
    this.#app.studio.classIds = [];
    this.#words = '';
    this.tags = [];
    this.excluded = 'show';
    this.duplicates = 'off';
    this.part = null;
  }

  reload(): void {
    this.#attempt += 1;
  }

  /** Ids in the order shown: of rows at hand at once, of others from the engine. */
  async idsOf(first: number, end: number): Promise<readonly number[]> {
    const ids: number[] = [];
    for (let index = first; index < end; index += 1) {
      const row = this.rows.row(index);
      if (row === undefined) return await this.#idsFromEngine(first, end);
      ids.push(row.id);
    }
    return ids;
  }

  /** The image before or after one in the order shown; null at the ends. */
  async step(imageId: number, by: 1 | -1): Promise<{ index: number; id: number } | null> {
    if (this.queryId === null) return null;
    const at = await this.#app.client.images.position({ queryId: this.queryId, imageId });
    if (at === null || at + by < 0 || at + by >= this.rows.count) return null;
    const [id] = await this.idsOf(at + by, at + by + 1);
    return id === undefined ? null : { index: at + by, id };
  }

  async #idsFromEngine(first: number, end: number): Promise<readonly number[]> {
    const { queryId } = this;
    const ids: number[] = [];
    for (let offset = first; offset < end && queryId !== null; offset += 50_000) {
      const limit = Math.min(50_000, end - offset);
      ids.push(...(await this.#app.client.images.ids({ queryId, offset, limit })));
    }
    return ids;
  }

  /** A short pause while somebody types; an emptied field acts at once. */
  #followSearch(): (() => void) | undefined {
    const { search } = this.#app.studio;
    if (search === '') {
      this.#words = '';
      return undefined;
    }
    const timer = setTimeout(() => (this.#words = search), SEARCH_PAUSE_MS);
    return () => clearTimeout(timer);
  }

  #followQuery(): (() => void) | undefined {
    void this.#attempt;
    this.#app.changes.version('images');
    const dataset = this.#app.studio.datasetId;
    const { client } = this.#app;
    if (dataset === null) {
      this.#show(NOTHING, null, '');
      return undefined;
    }
    const query = queryOf(dataset, this.view);
    const asked = JSON.stringify(query);
    const controller = new AbortController();
    const { signal } = controller;
    const run = async () => {
      this.loading = true;
      try {
        const { queryId, count } = await client.images.query(query, { signal });
        const rows = new Segments<ImageRow>(
          {
            count,
            load: (offset, limit, abort) =>
              client.images.slice({ queryId, offset, limit }, { signal: abort }),
          },
          { onLoaded: () => (this.version += 1), onError: (cause) => this.#onRowsError(cause) },
        );
        if (count > 0) await rows.ensure(0, Math.min(count, FIRST_ROWS));
        if (signal.aborted) rows.close();
        else this.#show(rows, queryId, asked);
      } catch (cause) {
        if (signal.aborted || isCancelled(cause)) return;
        this.error = toFailure(cause);
        this.loading = false;
      }
    };
    void untrack(run);
    return () => controller.abort();
  }

  #show(rows: Segments<ImageRow>, queryId: string | null, asked: string): void {
    untrack(() => {
      this.rows.close();
      this.rows = rows;
      this.queryId = queryId;
      this.error = undefined;
      this.loading = false;
      this.version += 1;
      if (asked !== this.#lastAsked) this.shownView += 1;
      this.#lastAsked = asked;
    });
  }

  /** The engine keeps a few results and forgets the oldest: then the same is asked again. */
  #onRowsError(cause: unknown): void {
    if (isCancelled(cause)) return;
    const failure = toFailure(cause);
    if (failure.code === 'expired') this.reload();
    else if (failure.code !== 'disconnected') this.error = failure;
  }
}
