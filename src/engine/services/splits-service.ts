import type { LeakPair, SplitKind, SplitSummary } from '#shared/domain/split.ts';
import { UserError } from '#shared/rpc/errors.ts';
import type { ServiceContext } from './service-context.ts';

export interface SplitRequest {
  readonly dataset: string;
  readonly kind: SplitKind;
  readonly testShare: number;
  readonly validationShare: number;
  readonly seed: number;
  readonly name?: string | undefined;
  readonly dropLeaks: boolean;
  readonly ifRevision?: number | undefined;
}

const TITLES: Readonly<Record<SplitKind, string>> = {
  'class-disjoint': 'Class-disjoint',
  stratified: 'Stratified',
  'k-fold': 'K-fold',
  official: 'Official',
};

export class SplitsService {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  list(dataset: string | undefined): SplitSummary[] {
    const { splits, datasets } = this.#context;
    const key = dataset === undefined ? undefined : datasets.require(dataset).key;
    return splits.list(key).map((split) => splits.summary(split));
  }

  get(ref: string, dataset: string | undefined): SplitSummary {
    const { splits, datasets } = this.#context;
    return splits.summary(
      splits.require(ref, dataset === undefined ? undefined : datasets.require(dataset).key),
    );
  }

  /** @throws UserError bad-input where the data cannot be divided so, conflict when the dataset has changed */
  async create(request: SplitRequest): Promise<SplitSummary> {
    const { datasets, splits, reader, now } = this.#context;
    const dataset = datasets.require(request.dataset);
    const { kind, testShare, validationShare, seed, dropLeaks } = request;
    this.#refuseWhileImporting(dataset.id, dataset.name);
    if (request.ifRevision !== undefined) refuseStale(dataset.name, request.ifRevision, dataset.revision);
    const answer = await reader.ask('split', {
      dataset: dataset.key,
      kind,
      testShare,
      validationShare,
      seed,
      dropLeaks,
    });
    // The division took a while: somebody may have relabelled meanwhile, and then it is not what they ask for any more.
    refuseStale(dataset.name, dataset.revision, datasets.byKey(dataset.key).revision);
    const split = splits.insert({
      dataset: dataset.key,
      datasetRevision: dataset.revision,
      name: request.name ?? `${TITLES[kind]}, seed ${seed}`,
      kind,
      seed,
      hash: answer.hash,
      settings: {
        testShare,
        validationShare,
        dropLeaks,
        contents: Object.fromEntries(answer.parts.map(({ part, content }) => [part, content])),
      },
      parts: answer.parts.filter((part) => part.imageIds.length > 0),
      leaks: answer.leaks,
      leakCounts: answer.leakCounts,
      at: now(),
    });
    this.#context.tell(['splits'], dataset.id);
    return splits.summary(split);
  }

  leaks(ref: string, offset: number, limit: number): { total: number; rows: LeakPair[] } {
    const { splits, images } = this.#context;
    const found = splits.leaks(splits.require(ref).id, offset, limit);
    const rows = found.rows.map(({ kind, distance, from, to, a, b }) => {
      const [first, second] = images.rows([a, b]);
      return { kind, distance, from, to, a: first!, b: second! };
    });
    return { total: found.total, rows };
  }

  /** Removes a split with its embeddings and evaluations. @throws UserError conflict while a run or a job uses it */
  remove(ref: string): void {
    const split = this.#context.splits.require(ref);
    const working = this.#context.queue.about(split.id).working[0];
    if (working !== undefined)
      throw new UserError(
        'conflict',
        `"${working.title}" still works on the split "${split.name}". Wait for it, or stop it first.`,
      );
    const files = this.#context.storedFiles.ofSplit(split.id);
    this.#context.splits.remove(split);
    this.#context.sweep(files);
    this.#context.tell(['splits', 'evaluations'], this.#context.datasets.byKey(split.dataset).id);
  }

  #refuseWhileImporting(datasetId: string, name: string): void {
    const importing = this.#context.jobs
      .active()
      .some((job) => job.kind === 'import' && job.subject === datasetId);
    if (importing)
      throw new UserError('conflict', `"${name}" is being imported. Split it when the import is done.`);
  }
}

function refuseStale(name: string, seen: number, now: number): void {
  if (seen === now) return;
  throw new UserError(
    'conflict',
    `"${name}" has changed since (revision ${now}, not ${seen}). Look at it again, then split it.`,
    { details: { revision: now } },
  );
}
