import type { Client } from '../../../shared/contract/index.ts';
import type { Evaluation, QueryResult } from '../../../shared/domain/evaluation.ts';
import type { Failure } from '../../../shared/domain/job.ts';
import { PagedList } from '../../paging/paged-list.svelte.ts';
import { isCancelled, toFailure } from '../../state/failure.ts';

export type NeighborList = Awaited<ReturnType<Client['neighbors']['ofImage']>>;
export type Query =
  | { readonly kind: 'image'; readonly imageId: number }
  /** `picture` is the address of what the person handed over, where the page has it. */
  | { readonly kind: 'file'; readonly path: string; readonly picture?: string };

const K = 10;

/**
 * Browsing neighbours under one evaluation: the query in hand with its neighbours (and those without training beside
 * them), the way back, and the list of queries, worst first.
 */
export class NeighborsState {
  readonly evaluation: Evaluation;
  readonly failures: PagedList<QueryResult>;
  query: Query | null = $state.raw(null);
  /** Neighbours of `query`, or of the last one while the next is read. */
  answer: NeighborList | null = $state.raw(null);
  /** The same query without training; null where there is no zero-shot row or it is not asked for. */
  baseline: NeighborList | null = $state.raw(null);
  loading = $state(false);
  error: Failure | undefined = $state.raw();
  compare = $state(true);
  onlyMisses = $state(true);
  misses = $state(0);
  #past: readonly Query[] = $state.raw([]);
  readonly #client: () => Client;
  #abort = new AbortController();

  constructor(evaluation: Evaluation, client: () => Client) {
    this.evaluation = evaluation;
    this.#client = client;
    this.failures = new PagedList(async (offset, limit, signal) => {
      const page = await client().evaluations.failures(
        { evaluation: evaluation.id, onlyMisses: this.onlyMisses, offset, limit },
        { signal },
      );
      this.misses = page.misses;
      return page;
    });
  }

  get canGoBack(): boolean {
    return this.#past.length > 0;
  }

  get canCompare(): boolean {
    return this.evaluation.zeroShot !== null;
  }

  /** The place of the query in the list of failures as far as it was read, or -1. */
  get position(): number {
    const { query } = this;
    void this.failures.total;
    return query?.kind === 'image' ? this.failures.indexOf((row) => row.imageId === query.imageId) : -1;
  }

  /** Makes an image or a file the query; the one before it is remembered. Answers whether it worked. */
  ask(query: Query): Promise<boolean> {
    const before = this.query;
    if (before !== null && !sameQuery(before, query)) this.#past = [...this.#past, before];
    return this.#load(query);
  }

  /** Begins with a query that may not be in this part: nothing is said where it is not. */
  async tryFirst(query: Query): Promise<boolean> {
    if (await this.#load(query)) return true;
    this.query = null;
    this.error = undefined;
    return false;
  }

  back(): Promise<boolean> {
    const last = this.#past.at(-1);
    if (last === undefined) return Promise.resolve(false);
    this.#past = this.#past.slice(0, -1);
    return this.#load(last);
  }

  /** The query that is `by` places further in the list of failures. */
  async step(by: number): Promise<boolean> {
    const to = Math.max(0, Math.min((this.failures.total ?? 1) - 1, this.position + by));
    await this.failures.need({ from: to, to: to + 1 });
    const row = this.failures.at(to);
    return row === undefined || to === this.position
      ? false
      : this.ask({ kind: 'image', imageId: row.imageId });
  }

  async setCompare(compare: boolean): Promise<void> {
    this.compare = compare;
    if (this.query !== null) await this.#load(this.query);
  }

  async setOnlyMisses(onlyMisses: boolean): Promise<void> {
    this.onlyMisses = onlyMisses;
    await this.failures.reload();
  }

  close(): void {
    this.#abort.abort();
    this.failures.close();
  }

  async #load(query: Query): Promise<boolean> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.query = query;
    this.loading = true;
    this.error = undefined;
    const other = this.compare ? this.evaluation.zeroShot?.evaluationId : undefined;
    try {
      const [answer, baseline] = await Promise.all([
        this.#read(this.evaluation.id, query, signal),
        other === undefined ? null : this.#read(other, query, signal),
      ]);
      if (signal.aborted) return false;
      this.answer = answer;
      this.baseline = baseline;
      return true;
    } catch (cause) {
      if (!signal.aborted && !isCancelled(cause)) {
        this.error = toFailure(cause);
        this.answer = null;
        this.baseline = null;
      }
      return false;
    } finally {
      if (!signal.aborted) this.loading = false;
    }
  }

  #read(evaluation: string, query: Query, signal: AbortSignal): Promise<NeighborList> {
    const { neighbors } = this.#client();
    return query.kind === 'image'
      ? neighbors.ofImage({ evaluation, imageId: query.imageId, k: K }, { signal })
      : neighbors.ofFile({ evaluation, path: query.path, k: K }, { signal });
  }
}

function sameQuery(a: Query, b: Query): boolean {
  return a.kind === 'image'
    ? b.kind === 'image' && a.imageId === b.imageId
    : b.kind === 'file' && a.path === b.path;
}
