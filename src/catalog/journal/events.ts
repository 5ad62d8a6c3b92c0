import type { JournalEvent } from '#shared/domain/dataset.ts';
import type { Catalog } from '../catalog.ts';
import { type Change, imagesOf } from './changes.ts';

export interface NewEvent {
  readonly id: number;
  readonly dataset: number;
  /** Of the dataset, once the event has happened. */
  readonly revision: number;
  readonly kind: string;
  readonly summary: string;
  readonly who: string;
  readonly why: string;
  readonly at: number;
  /** The event that this one takes back or does again. */
  readonly target: number | null;
  readonly changes: readonly Change[];
}

interface EventRow extends Omit<JournalEvent, 'undone'> {
  readonly state: number | null;
}

/** Kinds that only serve the rebuilding of the projection and are not shown as history. */
const HIDDEN_KIND = 'classes';

const SHOWN = `e.id, e.revision, e.kind, e.summary, e.who, e.why, e.at, s.state`;

export function nextEventId(catalog: Catalog): number {
  return catalog.sql<{ id: number }>(`SELECT coalesce(max(id), 0) + 1 AS id FROM events`).get()!.id;
}

export function appendEvent(catalog: Catalog, event: NewEvent): void {
  catalog
    .sql(
      `INSERT INTO events (id, dataset, revision, kind, summary, who, why, at, target, changes)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      event.id,
      event.dataset,
      event.revision,
      event.kind,
      event.summary,
      event.who,
      event.why,
      event.at,
      event.target,
      JSON.stringify(event.changes),
    );
  const touch = catalog.sql(`INSERT INTO event_images (image_id, event_id) VALUES (?, ?)`);
  for (const image of imagesOf(event.changes)) touch.run(image, event.id);
}

export function readChanges(catalog: Catalog, eventId: number): Change[] {
  const row = catalog.sql<{ changes: string }>(`SELECT changes FROM events WHERE id = ?`).get(eventId)!;
  return JSON.parse(row.changes) as Change[];
}

/** Newest first. */
export function history(catalog: Catalog, dataset: number, limit: number): JournalEvent[] {
  return catalog
    .sql<EventRow>(
      `SELECT ${SHOWN} FROM events e LEFT JOIN edit_states s ON s.event_id = e.id
       WHERE e.dataset = ? AND e.kind <> '${HIDDEN_KIND}' ORDER BY e.id DESC LIMIT ?`,
    )
    .all(dataset, limit)
    .map(toEvent);
}

/** What happened to one image, newest first. */
export function historyOfImage(catalog: Catalog, imageId: number, limit: number): JournalEvent[] {
  return catalog
    .sql<EventRow>(
      `SELECT ${SHOWN} FROM event_images i JOIN events e ON e.id = i.event_id
       LEFT JOIN edit_states s ON s.event_id = e.id WHERE i.image_id = ? ORDER BY i.event_id DESC LIMIT ?`,
    )
    .all(imageId, limit)
    .map(toEvent);
}

function toEvent({ state, ...event }: EventRow): JournalEvent {
  return { ...event, undone: state === 0 || state === -1 };
}
