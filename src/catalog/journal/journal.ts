import type { Edit } from '#shared/contract/curation.ts';
import type { Catalog } from '../catalog.ts';
import { ClassRepository } from '../repositories/classes.ts';
import { DatasetRepository } from '../repositories/datasets.ts';
import { type Change, changesDataset, imagesOf, opposite } from './changes.ts';
import { appendEvent, nextEventId, readChanges } from './events.ts';
import { planEdit } from './plan.ts';
import { Projection } from './projection.ts';

export interface Author {
  readonly who: string;
  readonly why: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface Applied {
  readonly eventId: number;
  readonly revision: number;
  /** Images, classes or verdicts that changed. */
  readonly changed: number;
  readonly summary: string;
}

/**
 * The append-only list of what people did to a dataset. Every event and the state that follows from it are written in
 * one transaction. Taking back appends too: event 7 may be "undid event 5", and nothing is ever rewritten.
 */
export class Journal {
  readonly #catalog: Catalog;
  readonly #datasets: DatasetRepository;
  readonly #classes: ClassRepository;
  readonly #projection: Projection;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
    this.#datasets = new DatasetRepository(catalog);
    this.#classes = new ClassRepository(catalog);
    this.#projection = new Projection(catalog);
  }

  /** @throws UserError not-found, bad-input, conflict; then nothing has changed */
  apply(dataset: number, edit: Edit, author: Author): Applied {
    return this.#catalog.write(() => {
      const id = nextEventId(this.#catalog);
      const plan = planEdit(this.#catalog, dataset, edit, id);
      if (plan.changes.length === 0) {
        const { revision } = this.#datasets.byKey(dataset);
        return { eventId: id - 1, revision, changed: 0, summary: plan.summary };
      }
      const applied = this.#append(dataset, id, edit.kind, plan.summary, author, null, plan.changes);
      // A new edit ends the way forward: what was taken back before it cannot be done again.
      this.#catalog.sql(`UPDATE edit_states SET state = -1 WHERE dataset = ? AND state = 0`).run(dataset);
      this.#setState(id, dataset, 1);
      return applied;
    });
  }

  /** Takes back the latest edit that stands; null when there is none. */
  undo(dataset: number, author: Author): Applied | null {
    return this.#catalog.write(() => {
      const target = this.#latestStanding(dataset);
      return target === undefined ? null : this.#turn(dataset, target, 'undo', 0, author);
    });
  }

  /** Does again what was taken back last; null when there is nothing or something was edited since. */
  redo(dataset: number, author: Author): Applied | null {
    return this.#catalog.write(() => {
      const target = this.#catalog
        .sql<{ id: number | null }>(
          `SELECT min(event_id) AS id FROM edit_states WHERE dataset = ? AND state = 0`,
        )
        .get(dataset)!.id;
      return target === null ? null : this.#turn(dataset, target, 'redo', 1, author);
    });
  }

  /** Notes something that is no edit of a person and cannot be taken back: an import. Grows the revision. */
  note(dataset: number, kind: string, summary: string, author: Author): Applied {
    return this.#catalog.write(() => {
      const id = nextEventId(this.#catalog);
      const revision = this.#datasets.nextRevision(dataset);
      appendEvent(this.#catalog, {
        id,
        dataset,
        revision,
        kind,
        summary,
        ...author,
        target: null,
        changes: [],
      });
      return { eventId: id, revision, changed: 0, summary };
    });
  }

  /** Notes classes that an import made, so that the journal alone tells every class's name. Not shown as history. */
  noteClasses(dataset: number, made: readonly { id: number; name: string }[], author: Author): void {
    if (made.length === 0) return;
    const { revision } = this.#datasets.byKey(dataset);
    appendEvent(this.#catalog, {
      id: nextEventId(this.#catalog),
      dataset,
      revision,
      kind: 'classes',
      summary: `Found ${made.length} classes.`,
      ...author,
      target: null,
      changes: made.map(({ id, name }) => ({ op: 'new-class', classId: id, name })),
    });
  }

  #turn(dataset: number, target: number, kind: 'undo' | 'redo', state: 0 | 1, author: Author): Applied {
    const done = readChanges(this.#catalog, target);
    const original = this.#catalog
      .sql<{ summary: string }>(`SELECT summary FROM events WHERE id = ?`)
      .get(target)!;
    const changes = kind === 'undo' ? this.#freeingNames(dataset, opposite(done)) : done;
    const summary = `${kind === 'undo' ? 'Took back' : 'Did again'}: ${original.summary}`;
    const id = nextEventId(this.#catalog);
    const applied = this.#append(dataset, id, kind, summary, author, target, changes);
    this.#setState(target, dataset, state);
    return applied;
  }

  /**
   * A class that an edit made stays when that edit is taken back, empty and not shown, and so does its name. Where an
   * earlier name has to come back, the empty class gives it up; doing its edit again gives it the name once more.
   */
  #freeingNames(dataset: number, changes: readonly Change[]): Change[] {
    return changes.flatMap((change): Change[] => {
      if (change.op !== 'class-name') return [change];
      const holder = this.#classes.byName(dataset, change.to);
      if (holder === undefined || holder.id === change.classId || this.#classes.hasImages(holder.id))
        return [change];
      const unused = `${holder.name} (unused ${String(holder.id)})`;
      return [{ op: 'class-name', classId: holder.id, from: holder.name, to: unused }, change];
    });
  }

  #append(
    dataset: number,
    id: number,
    kind: string,
    summary: string,
    author: Author,
    target: number | null,
    changes: readonly Change[],
  ): Applied {
    const revision = changesDataset(changes)
      ? this.#datasets.nextRevision(dataset)
      : this.#datasets.byKey(dataset).revision;
    appendEvent(this.#catalog, { id, dataset, revision, kind, summary, ...author, target, changes });
    const touched = this.#projection.apply(dataset, changes);
    this.#classes.recount(dataset, touched);
    return { eventId: id, revision, changed: Math.max(imagesOf(changes).size, 1), summary };
  }

  #latestStanding(dataset: number): number | undefined {
    const { id } = this.#catalog
      .sql<{ id: number | null }>(
        `SELECT max(event_id) AS id FROM edit_states WHERE dataset = ? AND state = 1`,
      )
      .get(dataset)!;
    return id ?? undefined;
  }

  #setState(event: number, dataset: number, state: -1 | 0 | 1): void {
    this.#catalog
      .sql(`INSERT OR REPLACE INTO edit_states (event_id, dataset, state) VALUES (?, ?, ?)`)
      .run(event, dataset, state);
  }
}
