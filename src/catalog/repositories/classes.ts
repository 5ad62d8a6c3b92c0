import { UserError } from '#shared/rpc/errors.ts';
import type { ClassSummary } from '#shared/domain/dataset.ts';
import type { Catalog } from '../catalog.ts';

export interface ClassRecord {
  readonly id: number;
  readonly dataset: number;
  readonly name: string;
  /** The folder's name when the class first came in; never changes. */
  readonly imported_name: string;
}

const COLUMNS = 'id, dataset, name, imported_name';

export class ClassRepository {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  find(id: number): ClassRecord | undefined {
    return this.#catalog.sql<ClassRecord>(`SELECT ${COLUMNS} FROM classes WHERE id = ?`).get(id);
  }

  /** @throws UserError not-found when the dataset has no such class */
  require(dataset: number, id: number): ClassRecord {
    const found = this.find(id);
    if (found === undefined || found.dataset !== dataset)
      throw new UserError('not-found', `There is no class ${id} in this dataset.`);
    return found;
  }

  byName(dataset: number, name: string): ClassRecord | undefined {
    return this.#catalog
      .sql<ClassRecord>(`SELECT ${COLUMNS} FROM classes WHERE dataset = ? AND name = ?`)
      .get(dataset, name);
  }

  insert(dataset: number, name: string): ClassRecord {
    const { lastInsertRowid } = this.#catalog
      .sql(`INSERT INTO classes (dataset, name, imported_name) VALUES (?, ?, ?)`)
      .run(dataset, name, name);
    return { id: Number(lastInsertRowid), dataset, name, imported_name: name };
  }

  /**
   * The class that images of a folder go to: the one that came from a folder of this name (it may have been renamed
   * since), else the one that has this name now, else a new one.
   */
  forFolder(dataset: number, folderName: string): ClassRecord {
    const imported = this.#catalog
      .sql<ClassRecord>(
        `SELECT ${COLUMNS} FROM classes WHERE dataset = ? AND imported_name = ? ORDER BY id LIMIT 1`,
      )
      .get(dataset, folderName);
    return imported ?? this.byName(dataset, folderName) ?? this.insert(dataset, folderName);
  }

  rename(id: number, name: string): void {
    this.#catalog.sql(`UPDATE classes SET name = ? WHERE id = ?`).run(name, id);
  }

  /** Brings the counts and covers of classes in line with their images. */
  recount(dataset: number, classIds: Iterable<number>): void {
    const count = this.#catalog.sql<{ images: number; excluded: number }>(
      `SELECT count(*) AS images, coalesce(sum(excluded), 0) AS excluded FROM images WHERE dataset = ? AND class_id = ? AND gone = 0`,
    );
    const cover = this.#catalog.sql<{ id: number }>(
      `SELECT id FROM images WHERE dataset = ? AND class_id = ? AND gone = 0 ORDER BY excluded, id LIMIT 1`,
    );
    const first = this.#catalog.sql<{ id: number }>(
      `SELECT id FROM images WHERE dataset = ? AND class_id = ? AND gone = 0 AND excluded = 0 ORDER BY id LIMIT 1`,
    );
    const update = this.#catalog.sql(`UPDATE classes SET images = ?, excluded = ?, cover = ? WHERE id = ?`);
    for (const id of classIds) {
      const { images, excluded } = count.get(dataset, id)!;
      const shown = first.get(dataset, id) ?? (images > 0 ? cover.get(dataset, id) : undefined);
      update.run(images, excluded, shown?.id ?? null, id);
    }
  }

  hasImages(id: number): boolean {
    return this.#catalog.sql(`SELECT 1 FROM classes WHERE id = ? AND images > 0`).get(id) !== undefined;
  }

  ids(dataset: number): number[] {
    return this.#catalog.sql<number>(`SELECT id FROM classes WHERE dataset = ?`).pluck().all(dataset);
  }

  /** Classes that have images, by name. */
  list(dataset: number): ClassSummary[] {
    return this.#catalog
      .sql<ClassSummary>(
        `SELECT id, name, images, excluded, cover FROM classes WHERE dataset = ? AND images > 0 ORDER BY name`,
      )
      .all(dataset);
  }
}
