import type { ImageRow } from '#shared/domain/dataset.ts';
import type { ImportedImage } from '#shared/worker/import.ts';
import type { Catalog } from '../catalog.ts';
import { hexToBytes } from '../packed.ts';

/** Everything that the catalogue knows of a picture. */
export interface ImageRecord {
  readonly id: number;
  readonly dataset: number;
  readonly class_id: number;
  readonly imported_class_id: number;
  readonly excluded: number;
  readonly gone: number;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly size_bytes: number;
  readonly format: string;
  readonly content_hash: Uint8Array;
  readonly pixel_hash: Uint8Array;
  readonly perceptual_hash: Uint8Array;
  readonly path: string;
}

interface ShortRow {
  readonly id: number;
  readonly classId: number;
  readonly className: string;
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly excluded: number;
  readonly tags: string | null;
}

/** `undefined` leaves the row as it was. */
export type UpsertOutcome = 'added' | 'changed' | 'unchanged';

export class ImageRepository {
  readonly #catalog: Catalog;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
  }

  find(id: number): ImageRecord | undefined {
    return this.#catalog.sql<ImageRecord>(`SELECT * FROM images WHERE id = ?`).get(id);
  }

  /** Rows in the order of `ids`; ids that are unknown are left out. */
  rows(ids: ArrayLike<number>): ImageRow[] {
    const row = this.#catalog.sql<ShortRow>(
      `SELECT i.id, i.class_id AS classId, c.name AS className, i.path, i.width, i.height, i.excluded,
         (SELECT json_group_array(t.name) FROM image_tags it JOIN tags t ON t.id = it.tag_id WHERE it.image_id = i.id) AS tags
       FROM images i JOIN classes c ON c.id = i.class_id WHERE i.id = ?`,
    );
    const found: ImageRow[] = [];
    for (let index = 0; index < ids.length; index++) {
      const one = row.get(ids[index]!);
      if (one === undefined) continue;
      const tags = one.tags === null || one.tags === '[]' ? [] : (JSON.parse(one.tags) as string[]).sort();
      found.push({ ...one, excluded: one.excluded === 1, tags });
    }
    return found;
  }

  /**
   * Adds a picture, or renews the row of its path. A person's label and exclusion stay: only what comes from the file
   * changes.
   */
  upsert(dataset: number, classId: number, image: ImportedImage, importNumber: number): UpsertOutcome {
    const known = this.#catalog
      .sql<{ id: number; content_hash: Uint8Array; gone: number }>(
        `SELECT id, content_hash, gone FROM images WHERE dataset = ? AND path = ?`,
      )
      .get(dataset, image.path);
    const content = hexToBytes(image.contentHash);
    const facts = [
      image.width,
      image.height,
      image.channels,
      image.sizeBytes,
      image.modifiedMs,
      importNumber,
      image.format,
      content,
      hexToBytes(image.pixelHash),
      hexToBytes(image.perceptualHash),
    ];
    if (known === undefined) {
      this.#catalog
        .sql(
          `INSERT INTO images (width, height, channels, size_bytes, modified_ms, seen_import, format, content_hash,
             pixel_hash, perceptual_hash, dataset, class_id, imported_class_id, path)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(...facts, dataset, classId, classId, image.path);
      return 'added';
    }
    this.#catalog
      .sql(
        `UPDATE images SET gone = 0, width = ?, height = ?, channels = ?, size_bytes = ?, modified_ms = ?, seen_import = ?,
           format = ?, content_hash = ?, pixel_hash = ?, perceptual_hash = ? WHERE id = ?`,
      )
      .run(...facts, known.id);
    return known.gone === 0 && content.equals(known.content_hash) ? 'unchanged' : 'changed';
  }

  /** Notes that these paths are still there. */
  markSeen(dataset: number, paths: readonly string[], importNumber: number): void {
    const mark = this.#catalog.sql(`UPDATE images SET seen_import = ? WHERE dataset = ? AND path = ?`);
    for (const path of paths) mark.run(importNumber, dataset, path);
  }

  /** Marks everything that the import did not see as gone. @returns how many */
  markUnseenGone(dataset: number, importNumber: number): number {
    return this.#catalog
      .sql(`UPDATE images SET gone = 1 WHERE dataset = ? AND seen_import <> ? AND gone = 0`)
      .run(dataset, importNumber).changes;
  }

  /** Ids and classes of what is neither gone nor excluded, by class and id. */
  usable(dataset: number): { imageIds: Int32Array; classIds: Int32Array } {
    const rows = this.#catalog
      .sql<[number, number]>(
        `SELECT id, class_id FROM images WHERE dataset = ? AND gone = 0 AND excluded = 0 ORDER BY class_id, id`,
      )
      .raw()
      .all(dataset);
    return {
      imageIds: Int32Array.from(rows, (row) => row[0]),
      classIds: Int32Array.from(rows, (row) => row[1]),
    };
  }

  setClass(ids: ArrayLike<number>, classId: number): void {
    const set = this.#catalog.sql(`UPDATE images SET class_id = ? WHERE id = ?`);
    for (let index = 0; index < ids.length; index++) set.run(classId, ids[index]!);
  }

  setExcluded(ids: ArrayLike<number>, excluded: boolean): void {
    const set = this.#catalog.sql(`UPDATE images SET excluded = ? WHERE id = ?`);
    for (let index = 0; index < ids.length; index++) set.run(excluded ? 1 : 0, ids[index]!);
  }
}
