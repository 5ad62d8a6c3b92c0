import type { Catalog } from '../catalog.ts';

/**
 * Whether what learning and search read of a dataset (labels, exclusions, classes, images) is other than it was at a
 * revision. An edit that was taken back since leaves no difference; one that stood then and was taken back since does.
 *
 * Only events that raised the revision count, and no tags. The first thing that happened to an edit after that revision tells whether
 * it stood then: if that is its undoing, it did. Imports have no state: they stand.
 */
export function changedSince(catalog: Catalog, dataset: number, revision: number): boolean {
  return (
    catalog
      .sql<{ changed: 0 | 1 }>(
        `SELECT EXISTS (
           SELECT 1 FROM (
             SELECT coalesce(e.target, e.id) AS edit, min(e.id) AS first FROM events e
             WHERE e.dataset = @dataset AND e.revision > @revision AND e.revision > coalesce(
               (SELECT p.revision FROM events p WHERE p.dataset = e.dataset AND p.id < e.id ORDER BY p.id DESC LIMIT 1),
               -1)
             GROUP BY 1
           ) later
           JOIN events f ON f.id = later.first
           JOIN events o ON o.id = later.edit AND o.kind <> 'tag'
           LEFT JOIN edit_states s ON s.event_id = later.edit
           WHERE coalesce(s.state = 1, 1) <> (f.kind = 'undo')
         ) AS changed`,
      )
      .get({ dataset, revision })!.changed === 1
  );
}
