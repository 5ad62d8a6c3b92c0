import type { Catalog } from '../catalog.ts';

export class TagRepository {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  idOf(dataset: number, name: string): number | undefined {
    return this.#catalog
      .sql<{ id: number }>(`SELECT id FROM tags WHERE dataset = ? AND name = ?`)
      .get(dataset, name)?.id;
  }

  ensure(dataset: number, name: string): number {
    return (
      this.idOf(dataset, name) ??
      Number(
        this.#catalog.sql(`INSERT INTO tags (dataset, name) VALUES (?, ?)`).run(dataset, name)
          .lastInsertRowid,
      )
    );
  }

  /** The images among `ids` that carry the tag. */
  carriers(tagId: number, ids: readonly number[]): Set<number> {
    const has = this.#catalog.sql(`SELECT 1 FROM image_tags WHERE image_id = ? AND tag_id = ?`);
    return new Set(ids.filter((id) => has.get(id, tagId) !== undefined));
  }

  add(tagId: number, ids: readonly number[]): void {
    const add = this.#catalog.sql(`INSERT OR IGNORE INTO image_tags (image_id, tag_id) VALUES (?, ?)`);
    for (const id of ids) add.run(id, tagId);
  }

  remove(tagId: number, ids: readonly number[]): void {
    const remove = this.#catalog.sql(`DELETE FROM image_tags WHERE image_id = ? AND tag_id = ?`);
    for (const id of ids) remove.run(id, tagId);
  }

  /** Tags in use, by name. */
  list(dataset: number): { tag: string; images: number }[] {
    return this.#catalog
      .sql<{ tag: string; images: number }>(
        `SELECT t.name AS tag, (SELECT count(*) FROM image_tags it WHERE it.tag_id = t.id) AS images
         FROM tags t WHERE t.dataset = ? ORDER BY t.name`,
      )
      .all(dataset)
      .filter((row) => row.images > 0);
  }
}
