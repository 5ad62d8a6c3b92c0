import { UserError } from '#shared/rpc/errors.ts';
import type { Catalog } from '../catalog.ts';
import { ClassRepository } from '../repositories/classes.ts';
import { ImageRepository } from '../repositories/images.ts';
import { TagRepository } from '../repositories/tags.ts';
import type { Change, GivenVerdict } from './changes.ts';

/** Writes changes into the tables that hold the current state. Runs inside the caller's transaction. */
export class Projection {
  readonly #catalog: Catalog;
  readonly #classes: ClassRepository;
  readonly #images: ImageRepository;
  readonly #tags: TagRepository;

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
    this.#classes = new ClassRepository(catalog);
    this.#images = new ImageRepository(catalog);
    this.#tags = new TagRepository(catalog);
  }

  /** @returns ids of the classes whose counts have to be made again */
  apply(dataset: number, changes: readonly Change[]): Set<number> {
    const touched = new Set<number>();
    for (const change of changes) {
      switch (change.op) {
        case 'new-class':
          this.#classes.rename(change.classId, change.name);
          break;
        case 'class-name':
          this.#rename(dataset, change.classId, change.to);
          break;
        case 'move':
          this.#images.setClass(change.ids, change.to);
          touched.add(change.from).add(change.to);
          break;
        case 'exclude':
          this.#images.setExcluded(change.ids, change.excluded);
          for (const id of this.#classesOf(change.ids)) touched.add(id);
          break;
        case 'tag':
          this.#tag(dataset, change.tag, change.add, change.ids);
          break;
        case 'verdict':
          this.#verdict(change.refresh, change.row, change.to);
          break;
      }
    }
    return touched;
  }

  #rename(dataset: number, classId: number, name: string): void {
    const other = this.#classes.byName(dataset, name);
    if (other !== undefined && other.id !== classId)
      throw new UserError(
        'conflict',
        `There is already a class "${name}". Merge the two classes, or choose another name.`,
      );
    this.#classes.rename(classId, name);
  }

  #classesOf(ids: readonly number[]): Set<number> {
    const classOf = this.#catalog.sql<{ class_id: number }>(`SELECT class_id FROM images WHERE id = ?`);
    return new Set(ids.map((id) => classOf.get(id)!.class_id));
  }

  #tag(dataset: number, name: string, add: boolean, ids: readonly number[]): void {
    const tagId = this.#tags.ensure(dataset, name);
    if (add) this.#tags.add(tagId, ids);
    else this.#tags.remove(tagId, ids);
  }

  #verdict(refresh: string, row: number, given: GivenVerdict | null): void {
    // The mining may be gone since (its run was removed): then there is nothing to note the verdict on.
    if (this.#catalog.sql(`SELECT 1 FROM refreshes WHERE id = ?`).get(refresh) === undefined) return;
    if (given === null)
      this.#catalog.sql(`DELETE FROM verdicts WHERE refresh = ? AND triplet = ?`).run(refresh, row);
    else
      this.#catalog
        .sql(
          `INSERT OR REPLACE INTO verdicts (refresh, triplet, verdict, image_id, event_id) VALUES (?, ?, ?, ?, ?)`,
        )
        .run(refresh, row, given.verdict, given.imageId, given.eventId);
  }
}
