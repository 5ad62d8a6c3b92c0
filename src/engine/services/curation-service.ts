import type { JournalEvent } from '#shared/domain/dataset.ts';
import type { Edit } from '#shared/contract/curation.ts';
import { history } from '#catalog/journal/events.ts';
import type { Applied } from '#catalog/journal/journal.ts';
import type { Topic, ServiceContext } from './service-context.ts';

const TOPICS: Topic[] = ['datasets', 'images', 'splits', 'runs', 'evaluations', 'triplets'];

/** Changes to labels, exclusions, tags and classes, and their taking back. */
export class CurationService {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  apply(input: { dataset: string; edit: Edit; why: string }, who: string): Applied {
    const { datasets, journal, now } = this.#context;
    const dataset = datasets.require(input.dataset);
    const applied = journal.apply(dataset.key, input.edit, { who, why: input.why, at: now() });
    if (applied.changed > 0) this.#context.tell(TOPICS, dataset.id);
    return applied;
  }

  undo(ref: string, who: string): Applied | null {
    return this.#turn('undo', ref, who);
  }

  redo(ref: string, who: string): Applied | null {
    return this.#turn('redo', ref, who);
  }

  history(ref: string, limit: number): JournalEvent[] {
    return history(this.#context.catalog, this.#context.datasets.require(ref).key, limit);
  }

  #turn(way: 'undo' | 'redo', ref: string, who: string): Applied | null {
    const { datasets, journal, now } = this.#context;
    const dataset = datasets.require(ref);
    const applied = journal[way](dataset.key, { who, why: '', at: now() });
    if (applied !== null) this.#context.tell(TOPICS, dataset.id);
    return applied;
  }
}
