import type { Client } from '../../../shared/contract/index.ts';
import type { Verdict } from '../../../shared/domain/dataset.ts';
import type { Refresh, Triplet } from '../../../shared/domain/triplet.ts';
import { PagedList } from '../../paging/paged-list.svelte.ts';
import { toFailure } from '../../state/failure.ts';
import type { ToastsState } from '../../state/toasts.svelte.ts';
import { afterVerdict, type Corner } from './verdicts.ts';

type ListInput = Parameters<Client['triplets']['list']>[0];
export type Sort = NonNullable<ListInput['sort']>;
export type VerdictFilter = NonNullable<ListInput['verdict']>;

interface Needs {
  readonly client: () => Client;
  readonly toasts: Pick<ToastsState, 'show'>;
  readonly changed: () => void;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** The picture that the verdict speaks of; null where it speaks of the triplet. */
  readonly corner: Corner | null;
  readonly className: string | null;
}

/**
 * The review bench over one refresh: which triplet is in focus, filters and order, and verdicts, which are shown at once
 * and taken back when the engine refuses them. Verdicts go out one after the other, in the order in which they were given.
 */
export class BenchState {
  readonly refresh: Refresh;
  readonly list: PagedList<Triplet>;
  focus = $state(0);
  sort: Sort = $state('hardness');
  verdict: VerdictFilter = $state('any');
  classId: number | null = $state(null);
  reviewed = $state(0);
  /** The picture that a verdict speaks of. */
  corner: Corner = $state('negative');
  readonly #needs: Needs;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(refresh: Refresh, needs: Needs) {
    this.refresh = refresh;
    this.#needs = needs;
    this.list = new PagedList(async (offset, limit, signal) => {
      const page = await needs.client().triplets.list(
        {
          refresh: refresh.id,
          sort: this.sort,
          verdict: this.verdict,
          ...(this.classId === null ? {} : { classId: this.classId }),
          offset,
          limit,
        },
        { signal },
      );
      this.reviewed = page.reviewed;
      return page;
    });
  }

  get current(): Triplet | undefined {
    return this.list.at(this.focus);
  }

  get total(): number {
    return this.list.total ?? 0;
  }

  move(by: number): void {
    this.goTo(this.focus + by);
  }

  goTo(index: number): void {
    this.focus = Math.max(0, Math.min(this.total - 1, index));
    this.corner = 'negative';
    void this.list.need({ from: this.focus, to: this.focus + 2 });
  }

  /** Other filters or another order: from the first triplet on. */
  async show(what: { sort?: Sort; verdict?: VerdictFilter; classId?: number | null }): Promise<void> {
    this.sort = what.sort ?? this.sort;
    this.verdict = what.verdict ?? this.verdict;
    if (what.classId !== undefined) this.classId = what.classId;
    this.focus = 0;
    this.corner = 'negative';
    await this.list.reload();
  }

  /** Judges the triplet in focus, goes on to the next, and writes the verdict to the journal. */
  judge(judgement: Judgement): Promise<boolean> {
    const before = this.current;
    const index = this.focus;
    if (before === undefined) return Promise.resolve(false);
    const { verdict, corner, className } = judgement;
    const after = afterVerdict(before, verdict, corner, className);
    this.list.replace(index, after);
    if (before.verdict === null) this.reviewed += 1;
    if (this.verdict === 'any') this.move(1);
    return this.#next(async (client) => {
      try {
        await client.curation.apply({
          dataset: this.refresh.datasetId,
          edit: {
            kind: 'verdict',
            refreshId: this.refresh.id,
            row: before.row,
            verdict,
            ...(corner === null ? {} : { imageId: before[corner].imageId }),
            ...(className === null ? {} : { className }),
          },
        });
      } catch (cause) {
        this.#rollBack(before, after);
        throw cause;
      }
      // A list of what has no verdict loses the row that got one; the next takes its place.
      if (this.verdict !== 'any') await this.#reload();
    });
  }

  /** Takes back the latest change to the dataset that still stands, whoever made it, and says what it was. */
  undo(): Promise<boolean> {
    return this.#next(async (client) => {
      const undone = await client.curation.undo({ dataset: this.refresh.datasetId });
      this.#needs.toasts.show({
        message: undone?.summary ?? 'There is nothing left to undo in this dataset.',
      });
      await this.#reload();
    });
  }

  /** Reads again what is shown, after changes that were made elsewhere (the window's own undo, another client). */
  resync(): Promise<void> {
    const run = this.#queue.then(() => this.#reload());
    this.#queue = run;
    return run;
  }

  /** Only what this verdict changed, and only if nothing newer stands there. */
  #rollBack(before: Triplet, after: Triplet): void {
    const index = this.list.indexOf((row) => row === after);
    if (index >= 0) this.list.replace(index, before);
    if (before.verdict === null) this.reviewed -= 1;
    if (index >= 0) this.focus = index;
  }

  async #reload(): Promise<void> {
    await this.list.reload({ from: this.focus, to: this.focus + 1 });
    this.focus = Math.max(0, Math.min(this.focus, this.total - 1));
  }

  #next(task: (client: Client) => Promise<void>): Promise<boolean> {
    const run = this.#queue.then(async () => {
      try {
        await task(this.#needs.client());
        this.#needs.changed();
        return true;
      } catch (cause) {
        this.#needs.toasts.show({ tone: 'error', message: toFailure(cause).message });
        return false;
      }
    });
    this.#queue = run;
    return run;
  }
}
