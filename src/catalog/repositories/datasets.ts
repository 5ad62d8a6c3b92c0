import { UserError } from '#shared/rpc/errors.ts';
import type { DatasetSummary } from '#shared/domain/dataset.ts';
import type { Catalog } from '../catalog.ts';
import { freeName } from '../free-name.ts';
import { newId } from '../new-id.ts';

export interface DatasetRecord {
  /** Integer that rows of images and classes carry. */
  readonly key: number;
  readonly id: string;
  readonly name: string;
  /** Absolute folder of the pictures. */
  readonly root_path: string;
  readonly layout: string;
  readonly revision: number;
  readonly licence: string | null;
  readonly duplicate_groups: number;
  readonly created_at: number;
  readonly removed_at: number | null;
}

const COVERS = 8;

export class DatasetRepository {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  /** Adds a dataset; a name that is taken gets a number. */
  insert(wish: {
    name: string;
    rootPath: string;
    layout: string;
    licence: string | null;
    at: number;
  }): DatasetRecord {
    const name = freeName(wish.name, (taken) => this.find(taken) !== undefined);
    const id = newId('ds');
    this.#catalog
      .sql(
        `INSERT INTO datasets (id, name, root_path, layout, licence, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(id, name, wish.rootPath, wish.layout, wish.licence, wish.at);
    return this.require(id);
  }

  find(ref: string): DatasetRecord | undefined {
    return (
      this.#catalog.sql<DatasetRecord>(`SELECT * FROM datasets WHERE id = ?`).get(ref) ??
      this.#catalog.sql<DatasetRecord>(`SELECT * FROM datasets WHERE name = ?`).get(ref)
    );
  }

  /** @throws UserError not-found */
  require(ref: string): DatasetRecord {
    const found = this.find(ref);
    if (found !== undefined) return found;
    const names = this.list(false).map((dataset) => `"${dataset.name}"`);
    const next =
      names.length === 0 ? 'Import a folder first.' : `This library has ${names.slice(0, 8).join(', ')}.`;
    throw new UserError('not-found', `There is no dataset "${ref}". ${next}`);
  }

  byKey(key: number): DatasetRecord {
    return this.#catalog.sql<DatasetRecord>(`SELECT * FROM datasets WHERE key = ?`).get(key)!;
  }

  byRoot(rootPath: string): DatasetRecord | undefined {
    return this.#catalog.sql<DatasetRecord>(`SELECT * FROM datasets WHERE root_path = ?`).get(rootPath);
  }

  /** Newest first. */
  list(withRemoved: boolean): DatasetRecord[] {
    return this.#catalog
      .sql<DatasetRecord>(
        `SELECT * FROM datasets WHERE removed_at IS NULL OR ? ORDER BY created_at DESC, key DESC`,
      )
      .all(withRemoved ? 1 : 0);
  }

  /** @returns the new revision */
  nextRevision(key: number): number {
    return this.#catalog
      .sql<{ revision: number }>(
        `UPDATE datasets SET revision = revision + 1 WHERE key = ? RETURNING revision`,
      )
      .get(key)!.revision;
  }

  update(
    key: number,
    change: { name?: string; licence?: string; removedAt?: number | null; duplicateGroups?: number },
  ): void {
    const set = (column: string, value: unknown): void => {
      this.#catalog.sql(`UPDATE datasets SET ${column} = ? WHERE key = ?`).run(value, key);
    };
    if (change.name !== undefined) set('name', change.name);
    if (change.licence !== undefined) set('licence', change.licence);
    if (change.removedAt !== undefined) set('removed_at', change.removedAt);
    if (change.duplicateGroups !== undefined) set('duplicate_groups', change.duplicateGroups);
  }

  summary(dataset: DatasetRecord): DatasetSummary {
    const counts = this.#catalog
      .sql<{ images: number; excluded: number; classes: number }>(
        `SELECT coalesce(sum(images), 0) AS images, coalesce(sum(excluded), 0) AS excluded, count(*) AS classes
         FROM classes WHERE dataset = ? AND images > 0`,
      )
      .get(dataset.key)!;
    const problems = this.#catalog
      .sql<number>(`SELECT count(*) FROM import_problems WHERE dataset = ?`)
      .pluck()
      .get(dataset.key)!;
    return {
      id: dataset.id,
      name: dataset.name,
      rootPath: dataset.root_path,
      layout: dataset.layout,
      revision: dataset.revision,
      images: counts.images,
      excluded: counts.excluded,
      classes: counts.classes,
      problems,
      duplicateGroups: dataset.duplicate_groups,
      createdAt: dataset.created_at,
      cover: this.#cover(dataset.key),
      licence: dataset.licence,
      removed: dataset.removed_at !== null,
    };
  }

  /** One image of each of a few classes, evenly spread over them. */
  #cover(key: number): number[] {
    const all = this.#catalog
      .sql<number>(`SELECT cover FROM classes WHERE dataset = ? AND cover IS NOT NULL ORDER BY name`)
      .pluck()
      .all(key);
    const wanted = Math.min(COVERS, all.length);
    return Array.from({ length: wanted }, (_, index) => all[Math.floor((index * all.length) / wanted)]!);
  }
}
