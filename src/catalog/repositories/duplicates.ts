import type { Catalog } from '../catalog.ts';

export interface FoundGroup {
  readonly kind: 'exact' | 'near';
  readonly distance: number;
  readonly imageIds: readonly number[];
}

export class DuplicateRepository {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  replace(dataset: number, groups: readonly FoundGroup[]): void {
    this.#catalog.write(() => {
      this.#catalog
        .sql(
          `DELETE FROM duplicate_members WHERE group_id IN (SELECT id FROM duplicate_groups WHERE dataset = ?)`,
        )
        .run(dataset);
      this.#catalog.sql(`DELETE FROM duplicate_groups WHERE dataset = ?`).run(dataset);
      const group = this.#catalog.sql(
        `INSERT INTO duplicate_groups (dataset, kind, distance) VALUES (?, ?, ?)`,
      );
      const member = this.#catalog.sql(`INSERT INTO duplicate_members (group_id, image_id) VALUES (?, ?)`);
      for (const { kind, distance, imageIds } of groups) {
        const id = group.run(dataset, kind, distance).lastInsertRowid;
        for (const image of imageIds) member.run(id, image);
      }
      this.#catalog.sql(`UPDATE datasets SET duplicate_groups = ? WHERE key = ?`).run(groups.length, dataset);
    });
  }

  counts(dataset: number): { exact: number; near: number } {
    const count = this.#catalog.sql<{ n: number }>(
      `SELECT count(*) AS n FROM duplicate_groups WHERE dataset = ? AND kind = ?`,
    );
    return { exact: count.get(dataset, 'exact')!.n, near: count.get(dataset, 'near')!.n };
  }

  /** Exact groups first, then near ones by distance. */
  page(dataset: number, offset: number, limit: number): FoundGroup[] {
    return this.#catalog
      .sql<{ id: number; kind: 'exact' | 'near'; distance: number }>(
        `SELECT id, kind, distance FROM duplicate_groups WHERE dataset = ? ORDER BY kind, distance, id LIMIT ? OFFSET ?`,
      )
      .all(dataset, limit, offset)
      .map(({ id, kind, distance }) => ({ kind, distance, imageIds: this.#members(id) }));
  }

  /** Copies of one image, with the group that joins them. */
  of(imageId: number): { imageId: number; kind: 'exact' | 'near'; distance: number }[] {
    return this.#catalog
      .sql<{ imageId: number; kind: 'exact' | 'near'; distance: number }>(
        `SELECT other.image_id AS imageId, g.kind, g.distance FROM duplicate_members mine
         JOIN duplicate_groups g ON g.id = mine.group_id
         JOIN duplicate_members other ON other.group_id = mine.group_id AND other.image_id <> mine.image_id
         WHERE mine.image_id = ?`,
      )
      .all(imageId);
  }

  #members(group: number): number[] {
    return this.#catalog
      .sql<number>(`SELECT image_id FROM duplicate_members WHERE group_id = ? ORDER BY image_id`)
      .pluck()
      .all(group);
  }
}
