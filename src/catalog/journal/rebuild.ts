import type { Catalog } from '../catalog.ts';
import { ClassRepository } from '../repositories/classes.ts';
import type { Change } from './changes.ts';
import { Projection } from './projection.ts';

/**
 * Makes the current state of a dataset again from its journal alone: images as imported, then every event in order.
 * The result is the state that was there before; a test holds the two against each other.
 */
export function rebuildProjection(catalog: Catalog, dataset: number): void {
  catalog.write(() => {
    reset(catalog, dataset);
    const projection = new Projection(catalog);
    const events = catalog
      .sql<{ id: number; kind: string; target: number | null; changes: string }>(
        `SELECT id, kind, target, changes FROM events WHERE dataset = ? ORDER BY id`,
      )
      .all(dataset);
    for (const event of events) {
      projection.apply(dataset, JSON.parse(event.changes) as Change[]);
      followState(catalog, dataset, event);
    }
    const classes = new ClassRepository(catalog);
    classes.recount(dataset, classes.ids(dataset));
  });
}

function reset(catalog: Catalog, dataset: number): void {
  catalog.sql(`UPDATE images SET class_id = imported_class_id, excluded = 0 WHERE dataset = ?`).run(dataset);
  // Names come from the events; until then no two may be equal.
  catalog.sql(`UPDATE classes SET name = char(0) || id WHERE dataset = ?`).run(dataset);
  catalog.sql(`DELETE FROM image_tags WHERE tag_id IN (SELECT id FROM tags WHERE dataset = ?)`).run(dataset);
  catalog
    .sql(`DELETE FROM verdicts WHERE refresh IN (SELECT id FROM refreshes WHERE dataset = ?)`)
    .run(dataset);
  catalog.sql(`DELETE FROM edit_states WHERE dataset = ?`).run(dataset);
}

function followState(
  catalog: Catalog,
  dataset: number,
  event: { readonly id: number; readonly kind: string; readonly target: number | null },
): void {
  const set = catalog.sql(`INSERT OR REPLACE INTO edit_states (event_id, dataset, state) VALUES (?, ?, ?)`);
  if (event.kind === 'undo') set.run(event.target, dataset, 0);
  else if (event.kind === 'redo') set.run(event.target, dataset, 1);
  else if (event.kind !== 'import' && event.kind !== 'classes') {
    catalog.sql(`UPDATE edit_states SET state = -1 WHERE dataset = ? AND state = 0`).run(dataset);
    set.run(event.id, dataset, 1);
  }
}
